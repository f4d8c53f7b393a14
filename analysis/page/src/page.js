import { read } from "./dom.js";
import { themeButton } from "./theme.js";
import { drawAnswer } from "./answer.js";
import { drawCritical } from "./critical.js";
import { drawFlow } from "./flow.js";
import { drawHeat } from "./heat.js";
import { drawLead } from "./lead.js";
import { drawMap } from "./map.js";
import { drawStop } from "./stop.js";
import { drawSweep } from "./sweep.js";
import { drawTime } from "./time.js";
import { drawWhy } from "./why.js";

const sections = {
  answer: drawAnswer,
  time: drawTime,
  flow: drawFlow,
  map: drawMap,
  stop: drawStop,
  why: drawWhy,
  lead: drawLead,
  heat: drawHeat,
  critical: drawCritical,
  sweep: drawSweep,
};

const page = read("data-page");
themeButton(document.getElementById("theme"));
for (const [id, draw] of Object.entries(sections)) {
  const data = read(`data-${id}`);
  if (data) draw(document.querySelector(`#${id} .figures`), data, page);
}
document.documentElement.dataset.drawn = "all";
