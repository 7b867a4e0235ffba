// What the libraries expect of a browser and never use here.
var window = globalThis, console = {}, waits = 0,
  addEventListener = () => {}, removeEventListener = () => {},
  setInterval = () => 0, clearInterval = () => 0, clearTimeout = () => 0,
  setTimeout = then => waits++ < 1000 ? Promise.resolve().then(then) && 0 : 0,
  structuredClone = x => JSON.parse(JSON.stringify(x));
for (const name of ["log", "warn", "error", "info", "debug"]) console[name] = () => {};
