// Nothing here waits for anything but links and pictures, which Vega asks for again and again, so that the promise is
// kept when the call returns. It ends in a value: what the engine tells of an error holds the text of the libraries.
let answer;
const drawn = (text, sides) => {
  answer = "-nothing came of it";
  waits = 0;
  try {
    vega.resetSVGDefIds();
    const given = JSON.parse(text);
    const parsed = /\/vega\//.test(given.$schema) ? given : vegaLite.compile(given).spec;
    const faults = [];
    const logger = vega.logger(vega.Warn, null, (_, level, told) => {
      if (level === "ERROR") faults.push([...told].join(" "));
      if (told[0] === "Loading failed") faults.push(`its rows must stand in it, not at ${told[1]}`);
    });
    const view = new vega.View(vega.parse(parsed), {renderer: "none", logger});
    view.toSVG()
      .then(svg => faults.length ? "-" + faults[0] : "+" + (sides ? JSON.stringify(forms(view, svg, sides)) : svg))
      .catch(fault => "-" + fault)
      .then(told => { answer = told; view.finalize(); });
  } catch (fault) {
    answer = "-" + fault;
  }
};
// The drawing as the renderer writes it, for editors and for pages.
const forms = (view, svg, sides) => {
  const [, width, height] = svg.match(/width="([\d.]+)" height="([\d.]+)"/).map(Number);
  try {
    const flat = new Flat(view.scenegraph().root, svg.match(/translate\(([-\d.]+),([-\d.]+)\)/).slice(1).map(Number));
    return {svg, editors: forEditors(flat, sides, {width, height}, view.background()), page: forPages(flat)};
  } catch (fault) {
    return {svg, fault: `${fault}`};
  }
};
// WIDTHS has the letters of the regular font and of the bold one.
vega.textMetrics.width = (item, text) => {
  const of = WIDTHS[item.fontWeight === "bold" || +item.fontWeight >= 600 ? 1 : 0];
  let sum = 0;
  for (const letter of text == null ? "" : String(text).trim()) sum += of[letter] ?? 0.55;
  return sum * vega.textMetrics.height(item);
};
