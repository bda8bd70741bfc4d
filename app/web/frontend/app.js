import htmx from "htmx.org";
import { startAutosave } from "./autosave.js";
import { startConditions } from "./conditions.js";
import { startInbox } from "./inbox.js";
import { startRows } from "./rows.js";
import { startShell } from "./shell.js";
import { startTasks } from "./tasks.js";
import { startUploads } from "./uploads.js";

window.htmx = htmx;
startShell();
startRows();
startConditions();
startUploads();
startAutosave();
startTasks();
startInbox();
