// Builds one sheet a question with HyperFormula and prints the seconds that building and evaluating took.
// In: the folder of node_modules as argument, and on stdin [{formula, columns: [[cell, ...], ...]}, ...].
const { HyperFormula } = require(require.resolve("hyperformula", { paths: [process.argv[2]] }));

const RUNS = 5;
const OPTIONS = { licenseKey: "gpl-v3", dateFormats: ["YYYY-MM-DD"] };

const questions = JSON.parse(require("fs").readFileSync(0, "utf-8"));
console.log(JSON.stringify(questions.map(measured)));

function measured({ formula, columns }) {
  const rows = columns[0].map((_, row) => [
    ...columns.map((column) => column[row]),
    formula.replaceAll("#", String(row + 1)),
  ]);
  const seconds = Array.from({ length: RUNS }, () => build(rows).seconds);
  const { engine } = build(rows);
  const value = engine.getCellValue({ sheet: 0, row: 0, col: columns.length });
  return { seconds: Math.min(...seconds), first: value };
}

function build(rows) {
  const begun = process.hrtime.bigint();
  const engine = HyperFormula.buildFromArray(rows, OPTIONS);
  return { engine, seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
}
