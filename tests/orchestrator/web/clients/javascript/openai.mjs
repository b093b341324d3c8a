// OpenAI's own client for Node: whole answers, streams, and an approval by a reply in text.
// The agent's address is the argument; prints what it saw as JSON, and the Python test beside it judges.

import OpenAI from "openai";

const client = new OpenAI({ apiKey: "none", baseURL: `${process.argv[2]}/v1`, maxRetries: 0 });
const messages = [];

async function say(content) {
  messages.push({ role: "user", content });
  const answer = await client.chat.completions.create({ model: "pyairtable", messages });
  messages.push(answer.choices[0].message);
  return { text: answer.choices[0].message.content, usage: answer.usage, finish: answer.choices[0].finish_reason };
}

async function stream(content) {
  messages.push({ role: "user", content });
  const runner = client.chat.completions.stream({ model: "pyairtable", messages, stream_options: { include_usage: true } });
  let doing = "";
  for await (const chunk of runner) doing += chunk.choices[0]?.delta.reasoning_content ?? "";
  const whole = await runner.finalChatCompletion();
  messages.push(whole.choices[0].message);
  return { text: whole.choices[0].message.content, doing, usage: whole.usage, calls: whole.choices[0].message.tool_calls ?? [] };
}

const seen = { models: [] };
for await (const model of client.models.list()) seen.models.push(model.id);
seen.question = await say("How many tasks are there?");
seen.streamed = await stream("Which tables are there?");
seen.asked = await stream("Add a record to Tasks: Name = Rest, Hours = 2");
seen.approved = await stream("approve");
seen.refused = await client.chat.completions
  .create({ model: "pyairtable", messages: [{ role: "assistant", content: "Hello" }] })
  .catch((error) => ({ status: error.status, message: error.message }));
process.stdout.write(JSON.stringify(seen));
