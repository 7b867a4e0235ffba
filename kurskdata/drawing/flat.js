// A chart without the groups without names that the renderer wraps around every mark: marks in one list, each at its
// own place. Written for a graphics editor, in groups with names, and for a page, as short as can be.
const LOOK = {
  fill: "", "fill-opacity": "1", stroke: "none", "stroke-width": "1", "stroke-opacity": "1", "stroke-dasharray": "",
  "stroke-dashoffset": "0", "stroke-linecap": "butt", "stroke-linejoin": "miter", opacity: "1",
  "text-anchor": "start", "font-family": "", "font-size": "", "font-weight": "normal", "font-style": "normal",
};  // how a mark looks, each with what goes without saying
const KINDS = {symbol: "points", line: "lines", rule: "lines", rect: "bars", area: "areas", text: "labels"};
const LAYER = /^(?:(?:concat|layer)_\d+_)*(?:(\w+?)(?:_\d+)?_)?marks$/;
const AROUND = ["title", "subtitle", "source"];  // what a page says in its own text
const LONGEST = 90;  // a longer value of a tooltip stands in the table below the chart only

const escaped = text => `${text}`.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`);
const element = (tag, own, inner = "") =>
  `<${tag}${Object.entries(own).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("")}` +
  (inner ? `>${inner}</${tag}>` : "/>");
const runs = (list, key) => list.reduce((found, one) => {
  if (found.length && found.at(-1).key === key(one)) found.at(-1).list.push(one);
  else found.push({key: key(one), list: [one]});
  return found;
}, []);

// The name of a group: by its role, or as its layer is called, or by the kind of its marks.
const groupOf = (scene, outer) => {
  const role = scene.role ?? "";
  if (role === "title-text") return outer === "plot" ? "source" : "title";
  if (role === "title-subtitle") return "subtitle";
  if (role === "axis") return /top|bottom/.test(scene.items[0]?.orient) ? "axis-x" : "axis-y";
  if (role === "axis-grid") return outer + "-grid";
  if (role.startsWith("legend")) return "key";
  if (scene.name === "concat_0_group") return "plot";
  return role === "mark" ? scene.name?.match(LAYER)?.[1]?.replaceAll("_", "-") ?? KINDS[scene.marktype] ?? outer : outer;
};

// What a mark of one row shows on hover: lines with a name and a value.
const tipOf = told => typeof told !== "object" ? "" : Object.entries(told ?? {})
  .filter(([, value]) => !["", "undefined", "null"].includes(`${value}`) && `${value}`.length <= LONGEST)
  .map(([name, value]) => (name.trim() ? `${name.trim()}: ` : "") + value).join("\n");

// The renderer with this as its pen: it opens and closes elements, and marks are left.
class Flat extends vega.SVGStringRenderer {
  marks = []; group = ""; places = []; box = new vega.Bounds();

  constructor(scene, origin) {
    super(vega.loader());
    this.places.push(origin);
    this.mark(this, scene);
  }
  mark(pen, scene) {
    const outer = this.group, [x, y] = this.places.at(-1), item = scene.items[0];
    if (scene.clip) throw "clipped marks";
    this.group = groupOf(scene, outer);
    if (this.group === "plot" && outer !== "plot") this.box.add(x, y).add(x + item.width, y + item.height);
    else if (scene.marktype !== "group" && !AROUND.includes(this.group) && scene.items.length) {
      this.box.union(scene.bounds.clone().translate(x, y));
    }
    super.mark(pen, scene);
    this.group = outer;
  }
  attr(scene, item, ...more) {
    this.item = item;
    return super.attr(scene, item, ...more);
  }
  open(tag, ...parts) {
    const own = Object.assign({}, ...parts), [left, top] = this.places.at(-1);
    const moved = (own.transform?.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const [x = 0, y = 0, angle = 0, dx = 0, dy = 0] = /rotate/.test(own.transform) ? moved : moved.slice(0, 2);
    this.places.push(own.display === "none" || own.opacity === 0 ? [NaN, NaN] : [left + x, top + y]);
    if (`${own.fill}${own.stroke}`.includes("url(")) throw "gradients";
    if (tag === "tspan") this.next.dy += own.dy ?? 0;
    else this.next = {tag, own, group: this.group, at: this.places.at(-1), angle, dx, dy, tip: ""};
    if ((tag === "path" && own.d || tag === "line") && [own.fill, own.stroke].some(colour => (colour ?? "none") !== "none")) {
      this.keep({tip: ["line", "area", "trail"].includes(this.item.mark.marktype) ? "" : tipOf(this.item.tooltip)});
    }
    return this;
  }
  text(words) {
    if (words) this.keep({words});
    return this;
  }
  close() {
    this.places.pop();
    return this;
  }
  keep(more) {
    if (!isNaN(this.next.at[0])) this.marks.push({...this.next, ...more});
  }
}

// Tag, geometry and look of a mark that is moved, with so many decimals.
const shaped = ({tag, own, at, angle, dx, dy, words}, [left, top], digits) => {
  const unit = 10 ** digits, grid = value => Math.round(value * unit);
  const number = value => `${grid(value) / unit || 0}`.replace(/^(-?)0\./, "$1.");
  const pairs = values => values.map(n => number(n / unit)).join(" ").replaceAll(" -", "-");
  const [x, y] = [at[0] - left, at[1] - top];
  const look = {};
  for (const name in LOOK) {
    const value = `${own[name] ?? (name === "fill" ? "none" : LOOK[name])}`.replace(/px$/, "");
    if (value !== LOOK[name] && (own.stroke || name !== "stroke-width")) look[name] = value;
  }
  const turn = angle ? {transform: `rotate(${number(angle)} ${number(x)} ${number(y)})`} : {};
  if (words) return ["text", {x: number(x + dx), y: number(y + dy), ...turn}, look];
  const circle = own.d?.match(/^M([\d.]+),0A([\d.]+),\2,0,1,1,-\1,0A\2,\2,0,1,1,\1,0$/);
  if (circle) return ["circle", {cx: number(x), cy: number(y), r: number(+circle[1])}, look];
  // Every point is rounded before the step to it is taken, so that rounding does not add up along a path.
  let d = "", here = [0, 0], last = [0, 0];
  for (const [, command, values] of (own.d ?? `M0,0L${own.x2 ?? 0},${own.y2 ?? 0}`).matchAll(/([MLhvCQAZ])([^MLhvCQAZ]*)/g)) {
    const numbers = (values.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(Number);
    const still = command === "A" ? numbers.splice(0, 5) : [];  // radii, angle and flags
    if (command === "h" || command === "v") {
      here[+(command === "v")] += numbers[0];
      numbers.splice(0, 1, ...here);
    }
    here = numbers.length ? numbers.slice(-2) : here;
    const ends = numbers.map((n, i) => grid(n + (i % 2 ? y : x))), steps = ends.map((n, i) => n - last[i % 2]);
    if (command === "Z") d += "z";
    else if (command === "M") d += "M" + pairs(ends);
    else if ("CQA".includes(command)) d += command.toLowerCase() + [...still.map(number), pairs(steps)].join(" ");
    else if (steps[0] && steps[1]) d += "l" + pairs(steps);
    else if (steps[0] || steps[1]) d += steps[0] ? "h" + pairs([steps[0]]) : "v" + pairs([steps[1]]);
    last = ends.length ? ends.slice(-2) : last;
  }
  return ["path", {d, ...turn}, look];
};
const visible = ({form: [tag, place]}) => tag !== "path" || /[lhvcqa]/.test(place.d);

// For a graphics editor: groups with names in the order of painting; the marks of a side stand in one of their own.
const forEditors = (flat, sides, size, background) => {
  const ground = background ? element("g", {id: "background"}, element("rect", {...size, fill: background})) : "";
  const seen = {}, named = ({group, own, words}) => {
    const side = sides[own.fill] ?? sides[own.stroke];
    return words && own.stroke ? `${group}-halos` : side ? `${group}-${side}` : group;
  };
  const marks = flat.marks.map(mark => ({...mark, form: shaped(mark, [0, 0], 3)})).filter(visible);
  const groups = runs(marks, named).map(({key, list}) => {
    seen[key] = (seen[key] ?? 0) + 1;
    const inner = list.map(({form: [tag, place, look], words}) => element(tag, {...place, ...look}, escaped(words ?? "")));
    return element("g", {id: seen[key] > 1 ? `${key}-${seen[key]}` : key}, ["", ...inner, ""].join("\n"));
  });
  // The renderer says of all that it draws how long a sharp corner may be.
  const head = {xmlns: "http://www.w3.org/2000/svg", ...size, viewBox: `0 0 ${size.width} ${size.height}`, "stroke-miterlimit": 10};
  return element("svg", head, ["", ground, ...groups, ""].join("\n"));
};

// For a page, which has the titles, the font and the usual size of texts.
const forPages = flat => {
  const {x1, y1, x2, y2} = flat.box, corner = [Math.floor(x1), Math.floor(y1)];
  const halos = {};
  const marks = flat.marks.filter(mark => !AROUND.includes(mark.group))
    .map(mark => ({...mark, form: shaped(mark, corner, 1)})).filter(visible);
  for (const {form: [, place, look], words} of marks) {
    delete look["font-family"];
    if (look["font-size"] === "12") delete look["font-size"];
    // A text and the edge that is drawn below it are one text.
    const key = words && JSON.stringify([place, words]), edge = halos[key];
    if (words && look.stroke) halos[key] = look;
    else if (words && edge) {
      for (const name in edge) if (name.startsWith("stroke")) look[name] = edge[name];
      look["paint-order"] = "stroke";
      edge.merged = true;
    }
  }
  const written = ({form: [tag, place], words, tip}, look) =>
    element(tag, {...place, ...look}, words ? escaped(words) : tip && element("title", {}, escaped(tip)));
  // Neighbours that look alike share a group. See-through marks stay alone: the opacity of a group would not add up.
  const body = runs(marks.filter(({form}) => !form[2].merged), ({form}) => JSON.stringify(form[2])).map(({list}) =>
    list.length === 1 || list[0].form[2].opacity
      ? list.map(mark => written(mark, mark.form[2])).join("")
      : element("g", list[0].form[2], list.map(mark => written(mark, {})).join("")));
  return {width: Math.ceil(x2) - corner[0], height: Math.ceil(y2) - corner[1], body: body.join("")};
};
