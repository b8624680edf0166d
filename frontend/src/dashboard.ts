import { copyByButton } from "./copying";
import { fitFrame } from "./fit";
import { closeMenus, guardChanges, submitOnChange, switchViews, uploadOnChoice } from "./forms";
import { askWhileChanged } from "./live";
import { moveByKeyboard } from "./moving";
import { pickEntries } from "./picker";
import { keepFresh } from "./refresh";

document.querySelectorAll<HTMLElement>("[data-refresh]").forEach(keepFresh);
document.querySelectorAll<HTMLFormElement>("form[data-guard]").forEach(guardChanges);
document.querySelectorAll<HTMLInputElement>("input[data-upload]").forEach(uploadOnChoice);
document.querySelectorAll<HTMLElement>("[data-live]").forEach(askWhileChanged);
document.querySelectorAll<HTMLElement>("[data-views]").forEach(switchViews);
document.querySelectorAll<HTMLIFrameElement>("iframe[data-fit]").forEach(fitFrame);
document.querySelectorAll<HTMLButtonElement>("button[data-copies]").forEach(copyByButton);
document.querySelectorAll<HTMLElement>("[data-picker]").forEach(pickEntries);
submitOnChange();
closeMenus();
moveByKeyboard();
