// AG-UI's own client: a question, a change that is approved, one that is denied, one that is edited.
// The agent's address is the argument; prints what it saw as JSON, and the Python test beside it judges.

import { HttpAgent } from "@ag-ui/client";

const agent = new HttpAgent({ url: `${process.argv[2]}/agui`, threadId: "thread-of-ag-ui" });
const seen = { runs: [] };

async function run(text, resume) {
  if (text) agent.addMessage({ id: crypto.randomUUID(), role: "user", content: text });
  const told = { events: [], cost: 0, calls: [], results: [] };
  await agent.runAgent(
    { resume },
    {
      onEvent: ({ event }) => void told.events.push(event.type),
      onToolCallEndEvent: ({ toolCallName, toolCallArgs, event }) =>
        void told.calls.push({ id: event.toolCallId, name: toolCallName, args: toolCallArgs }),
      onToolCallResultEvent: ({ event }) => void told.results.push(event.toolCallId),
      onCustomEvent: ({ event }) => {
        if (event.name === "cost") told.cost += event.value.micros;
      },
      onRunFinishedEvent: ({ event, outcome, interrupts }) => Object.assign(told, { outcome, interrupts, usage: event.usage, result: event.result }),
      onRunErrorEvent: ({ event }) => Object.assign(told, { error: event.message }),
    },
  );
  told.pending = agent.pendingInterrupts?.map((interrupt) => interrupt.id) ?? [];
  told.text = agent.messages.at(-1).content;
  seen.runs.push(told);
  return told;
}

const answer = (interrupt, payload) => [{ interruptId: interrupt.id, status: "resolved", payload }];
const add = (name) => `Add a record to Tasks: Name = ${name}, Hours = 2`;

await run("How many tasks are there?");
let asked = await run(add("Rest"));
await run("", answer(asked.interrupts[0], { approved: true }));
asked = await run(add("Toil"));
await run("", [{ interruptId: asked.interrupts[0].id, status: "cancelled" }]);
asked = await run(add("Toil"));
const { arguments: given } = asked.interrupts[0].metadata;
await run("", answer(asked.interrupts[0], { approved: true, arguments: { ...given, fields: { ...given.fields, Name: "Sleep" } } }));
await run("How many tasks are there?");
seen.roles = agent.messages.map((message) => message.role);
process.stdout.write(JSON.stringify(seen));
