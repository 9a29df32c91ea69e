// Draws the boards. It names a panel and a span of time; what is asked for them stands in the files of the boards.
"use strict";

const PERIOD = 5000;
const COLOURS = ["#3b82f6", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#06b6d4", "#ec4899", "#84cc16", "#f97316", "#64748b"];

const find = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");
const panels = new Map();
let boards = [];

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function ask(path) {
  const answer = await fetch(path);
  const body = await answer.json().catch(() => ({ error: `the board answers ${answer.status}` }));
  if (!answer.ok) throw new Error(body.error ?? `the board answers ${answer.status}`);
  return body;
}

// --- Numbers for people ---------------------------------------------------------------------------

function short(value, decimals) {
  const steps = [[1e9, " G"], [1e6, " M"], [1e4, " k"]];
  const [by, name] = steps.find(([by]) => Math.abs(value) >= by) ?? [1, ""];
  const scaled = by === 1e4 ? value / 1e3 : value / by;
  const digits = decimals ?? (Math.abs(scaled) >= 100 || Number.isInteger(scaled) ? 0 : Math.abs(scaled) >= 1 ? 2 : 3);
  return scaled.toFixed(digits) + name;
}

function seconds(value, decimals) {
  const size = Math.abs(value);
  if (size === 0) return "0 s";
  if (size < 1e-3) return `${short(value * 1e6, decimals)} µs`;
  if (size < 1) return `${short(value * 1e3, decimals)} ms`;
  if (size < 120) return `${short(value, decimals)} s`;
  if (size < 7200) return `${short(value / 60, decimals)} min`;
  return `${short(value / 3600, decimals)} h`;
}

function bytes(value) {
  const names = ["B", "KiB", "MiB", "GiB"];
  let size = value;
  while (Math.abs(size) >= 1024 && names.length > 1) {
    size /= 1024;
    names.shift();
  }
  return `${size.toFixed(names[0] === "B" ? 0 : 1)} ${names[0]}`;
}

function written(value, { unit, decimals }) {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "s": return seconds(value, decimals);
    case "bytes": return bytes(value);
    case "percentunit": return `${(value * 100).toFixed(decimals ?? 1)} %`;
    case "reqps": return `${short(value, decimals)} req/s`;
    case "ops": return `${short(value, decimals)} /s`;
    default: return short(value, decimals);
  }
}

function colour(value, { thresholds }) {
  const passed = (thresholds?.steps ?? []).filter((step) => step.value === null || value >= step.value);
  return passed.at(-1)?.color ?? "";
}

// Times are UTC on every screen: two who look at the same moment call it the same.
function clock(time, length) {
  return new Date(time * 1000).toISOString().slice(11, length);
}

// --- What each kind of panel shows ----------------------------------------------------------------

function showNumber(panel, data) {
  const settings = panel.fieldConfig.defaults;
  panel.body.replaceChildren(
    element("p", { className: `number ${colour(data.value, settings)}`, textContent: written(data.value, settings) }),
  );
}

function showRows(panel, { columns, rows }) {
  if (rows.length === 0) return showNothing(panel);
  const cells = (name, texts) => texts.map((text) => element(name, { textContent: text }));
  const head = element("tr", {}, ...cells("th", [...columns, "Value"]));
  const lines = rows.map((row) =>
    element("tr", {}, ...cells("td", [...row.labels, written(row.value, panel.fieldConfig.defaults)])),
  );
  panel.body.replaceChildren(
    element("div", { className: "scroll" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines))),
  );
}

// All lines on one row of times, with nothing where a line has no point. Stacked, each stands on those before it.
function columnsOf(lines, window, stacked) {
  const times = [];
  for (let time = window.from; time <= window.to; time += window.step) times.push(time);
  const below = times.map(() => 0);
  const values = lines.map((line) => {
    const at = new Map(line.points);
    return times.map((time, index) => {
      const value = at.get(time) ?? null;
      if (!stacked || value === null) return value;
      below[index] += value;
      return below[index];
    });
  });
  return [times, ...values];
}

function showLines(panel, { lines }, window) {
  if (lines.every((line) => line.points.length === 0)) return showNothing(panel);
  const settings = panel.fieldConfig.defaults;
  const stacked = settings.custom?.stacking?.mode === "normal";
  const data = columnsOf(lines, window, stacked);
  panel.lines = lines;
  const names = JSON.stringify(lines.map((line) => line.name));
  if (panel.chart && panel.names === names) return panel.chart.setData(data);
  const grey = dark.matches ? "#9aa4b2" : "#59616e";
  const axis = { stroke: grey, grid: { stroke: dark.matches ? "#30363f" : "#e5e7eb", width: 1 } };
  const value = (chart, shown, series, index) => {
    // Where nobody points at a moment, the last one counts.
    const { points } = panel.lines[series - 1];
    if (index === null) return written(points.at(-1)?.[1], settings);
    return written(stacked ? new Map(points).get(chart.data[0][index]) : shown, settings);
  };
  panel.chart?.destroy();
  panel.body.replaceChildren();
  panel.names = names;
  panel.chart = new uPlot(
    {
      width: panel.body.clientWidth,
      height: Math.max(120, panel.gridPos.h * 24),
      series: [
        { label: "UTC", value: (_, time) => (time === null ? "now" : clock(time, 19)) },
        ...lines.map((line, index) => ({
          label: line.name || panel.title,
          stroke: COLOURS[index % COLOURS.length],
          fill: stacked ? undefined : `${COLOURS[index % COLOURS.length]}1a`,
          points: { show: false },
          value,
        })),
      ],
      axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => clock(tick, 16)) }, { ...axis, size: 84, values: (_, ticks) => ticks.map((tick) => written(tick, settings)) }],
      scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    },
    data,
    panel.body,
  );
}

function showNothing(panel) {
  forget(panel);
  panel.body.replaceChildren(element("p", { className: "nothing", textContent: "There is nothing yet." }));
}

function showError(panel, error) {
  forget(panel);
  panel.body.replaceChildren(element("p", { className: "error", textContent: error.message }));
}

function forget(panel) {
  panel.chart?.destroy();
  panel.chart = undefined;
}

const KINDS = {
  lines: showLines,
  number: showNumber,
  rows: showRows,
};

// --- The page -------------------------------------------------------------------------------------

function current() {
  return boards.find((board) => board.uid === location.hash.slice(1)) ?? boards.find((board) => board.uid === "requests") ?? boards[0];
}

function open() {
  const board = current();
  find("boards").replaceChildren(
    ...boards.map((each) => {
      const link = element("a", { href: `#${each.uid}`, textContent: each.title });
      if (each === board) link.setAttribute("aria-current", "page");
      return link;
    }),
  );
  document.title = `${board.title} – board`;
  find("title").textContent = board.title;
  find("description").textContent = board.description;
  for (const panel of panels.values()) forget(panel);
  panels.clear();
  const articles = board.panels.map((description) => {
    const body = element("div");
    const article = element("article", { title: description.description }, element("h2", { textContent: description.title }), body);
    const { x, w } = description.gridPos;
    article.style.gridColumn = `${x + 1} / span ${w}`;
    panels.set(description.id, { ...description, body });
    return article;
  });
  find("panels").replaceChildren(...articles);
}

async function refreshPanels() {
  const { uid } = current();
  const span = find("span").value;
  for (const panel of [...panels.values()]) {
    if (panels.get(panel.id) !== panel) return;
    try {
      const { data, window } = await ask(`/api/boards/${uid}/panels/${panel.id}?span=${span}`);
      if (panels.get(panel.id) === panel) KINDS[data.kind](panel, data, window);
    } catch (error) {
      showError(panel, error);
    }
  }
}

async function refreshAlerts() {
  let watch;
  try {
    watch = await ask("/api/alerts");
  } catch (error) {
    watch = { broken: `Nobody knows whether anything is watched: ${error.message}.`, alerts: [] };
  }
  const broken = find("broken");
  broken.hidden = !watch.broken;
  broken.textContent = watch.broken ?? "";
  find("alerts").replaceChildren(
    ...watch.alerts.map((alert) =>
      element(
        "div",
        { className: alert.state },
        element("p", {}, element("strong", { textContent: `${alert.name} ` }), alert.summary),
        element("p", { className: "runbook", textContent: alert.runbook }),
        element("p", { className: "since", textContent: `${alert.state} since ${alert.since.slice(0, 19).replace("T", " ")} UTC` }),
      ),
    ),
  );
}

async function refresh() {
  // Nobody looks at a page that is hidden, so it asks nothing.
  if (document.hidden) return;
  await refreshAlerts();
  await refreshPanels();
}

async function forever() {
  await refresh();
  setTimeout(forever, PERIOD);
}

function again() {
  open();
  refreshPanels();
}

ask("/api/boards").then(
  (found) => {
    boards = found;
    open();
    addEventListener("hashchange", again);
    find("span").addEventListener("change", again);
    dark.addEventListener("change", again);
    addEventListener("resize", () => {
      for (const panel of panels.values()) panel.chart?.setSize({ width: panel.body.clientWidth, height: panel.chart.height });
    });
    forever();
  },
  (error) => {
    find("broken").hidden = false;
    find("broken").textContent = error.message;
  },
);
