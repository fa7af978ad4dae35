import { startPad } from './pad.js';
import { startUpload } from './upload.js';

startUpload();
if (new URLSearchParams(location.search).has('deleted')) history.replaceState(null, '', location.pathname); // said once
startPad(document.querySelector('[data-pad-panel]'));
