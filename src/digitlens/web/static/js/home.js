import { startPad } from './pad.js';
import { startUpload } from './upload.js';

startUpload();
startPad(document.querySelector('[data-pad-panel]'));
