import { startLens } from './lens/lens.js';

startLens();
