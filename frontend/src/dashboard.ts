import { copyByButton } from "./copying";
import { fitFrame } from "./fit";
import { closeMenus, guardChanges, submitOnChange, switchViews } from "./forms";
import { moveByKeyboard } from "./moving";
import { keepFresh } from "./refresh";

document.querySelectorAll<HTMLElement>("[data-refresh]").forEach(keepFresh);
document.querySelectorAll<HTMLFormElement>("form[data-guard]").forEach(guardChanges);
document.querySelectorAll<HTMLElement>("[data-views]").forEach(switchViews);
document.querySelectorAll<HTMLIFrameElement>("iframe[data-fit]").forEach(fitFrame);
document.querySelectorAll<HTMLButtonElement>("button[data-copies]").forEach(copyByButton);
submitOnChange();
closeMenus();
moveByKeyboard();
