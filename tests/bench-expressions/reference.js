// Answers questions about the reference implementation, one line each.
//
// A question is `[what, case]`. `result` answers the result as JSON; `parse`, `evaluate` and
// `whole` answer the microseconds that one such piece of work took: reading the expression,
// evaluating it on a tree that is there, or all from the document's text to the result's.
'use strict';

const [folder, file] = process.argv.slice(2);
const jsonata = require(require.resolve('jsonata', { paths: [folder] }));
const cases = JSON.parse(require('fs').readFileSync(file, 'utf8'));
const SLICE_MILLIS = 10;

const prepared = {};
for (const [name, [text, states]] of Object.entries(cases)) {
  prepared[name] = { text, states, tree: JSON.parse(states), expression: jsonata(text) };
}

async function whole({ expression, states }) {
  const result = await expression.evaluate(undefined, { states: JSON.parse(states) });
  return JSON.stringify(result);
}

async function time(work) {
  const start = process.hrtime.bigint();
  let calls = 0, elapsed;
  do {
    await work();
    calls += 1;
    elapsed = Number(process.hrtime.bigint() - start);
  } while (elapsed < SLICE_MILLIS * 1e6);
  return elapsed / 1e3 / calls;
}

async function answer(what, it) {
  switch (what) {
    case 'result':
      return whole(it);
    case 'parse':
      return timeAtOnce(() => jsonata(it.text));
    case 'evaluate':
      return time(() => it.expression.evaluate(undefined, { states: it.tree }));
    case 'whole':
      return time(() => whole(it));
  }
}

// The same for work that waits for nothing.
function timeAtOnce(work) {
  const start = process.hrtime.bigint();
  let calls = 0, elapsed;
  do {
    work();
    calls += 1;
    elapsed = Number(process.hrtime.bigint() - start);
  } while (elapsed < SLICE_MILLIS * 1e6);
  return elapsed / 1e3 / calls;
}

(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    const [what, name] = JSON.parse(line);
    console.log(String(await answer(what, prepared[name])));
  }
})();
