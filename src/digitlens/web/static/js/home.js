import { startPad } from './pad.js';
import { startUpload } from './upload.js';

startUpload();
if (/[?&](deleted|refused)=/.test(location.search)) history.replaceState(null, '', location.pathname); // said once
startPad(document.querySelector('[data-pad-panel]'));
