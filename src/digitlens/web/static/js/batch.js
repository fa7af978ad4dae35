import { showLocalTimes } from './local-time.js';

showLocalTimes();
