import { fitFrame } from "./fit";

document.querySelectorAll<HTMLIFrameElement>("iframe[data-fit]").forEach(fitFrame);
