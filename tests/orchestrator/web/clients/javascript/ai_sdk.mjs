// The AI SDK without a page: `useChat`'s transport and chat over /api/chat, with approvals answered.
// The agent's address is the argument; prints what it saw as JSON, and the Python test beside it judges.

import { AbstractChat, DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses, readUIMessageStream } from "ai";

const api = `${process.argv[2]}/api/chat`;

// What the bindings of the frameworks do with their own stores.
class Messages {
  status = "ready";
  error = undefined;
  messages = [];
  pushMessage = (message) => void (this.messages = [...this.messages, message]);
  popMessage = () => void (this.messages = this.messages.slice(0, -1));
  replaceMessage = (index, message) => void (this.messages = this.messages.with(index, message));
  snapshot = (value) => structuredClone(value);
}

class Chat extends AbstractChat {
  constructor(id) {
    super({
      id,
      state: new Messages(),
      transport: new DefaultChatTransport({ api }),
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
      onError: (error) => void (this.fault = error.message),
    });
  }

  // The chat goes on by itself after an approval; its status says when it rests.
  async rest() {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.status === "submitted" || this.status === "streaming");
  }
}

const tools = (message) => message.parts.filter((part) => part.type === "dynamic-tool");
const texts = (message) => message.parts.filter((part) => part.type === "text").map((part) => part.text);
const costs = (message) => message.parts.filter((part) => part.type === "data-cost").map((part) => part.data.micros);
const told = (message) => ({
  id: message.id,
  parts: message.parts.map((part) => part.type),
  tools: tools(message).map((part) => ({ name: part.toolName, state: part.state, input: part.input, output: part.output })),
  text: texts(message).at(-1) ?? "",
  micros: costs(message).reduce((sum, micros) => sum + micros, 0),
  metadata: message.metadata,
});

async function change(chat, name, approved) {
  await chat.sendMessage({ text: `Add a record to Tasks: Name = ${name}, Hours = 2` });
  const asked = told(chat.lastMessage);
  const { approval } = tools(chat.lastMessage).at(-1);
  await chat.addToolApprovalResponse({ id: approval.id, approved });
  await chat.rest();
  return { asked, answered: told(chat.lastMessage), count: chat.messages.length };
}

const seen = {};

const transport = new DefaultChatTransport({ api });
const message = { id: "u1", role: "user", parts: [{ type: "text", text: "How many tasks are there?" }] };
const stream = await transport.sendMessages({ trigger: "submit-message", chatId: "read", messages: [message] });
for await (const grown of readUIMessageStream({ stream, terminateOnError: true })) seen.read = told(grown);

const chat = new Chat("chat");
await chat.sendMessage({ text: "How many tasks are there?" });
seen.question = told(chat.lastMessage);
seen.approved = await change(chat, "Rest", true);
seen.denied = await change(chat, "Toil", false);
// Another question while a call waits: the call is denied by it, and the client is not confused.
await chat.sendMessage({ text: "Add a record to Tasks: Name = Toil, Hours = 2" });
await chat.sendMessage({ text: "How many tasks are there?" });
seen.wentOn = told(chat.lastMessage);
seen.fault = chat.fault ?? chat.error?.message ?? null;
// A page that is opened again asks for the answer that is under way: here none is.
await chat.resumeStream();
seen.resumed = { status: chat.status, count: chat.messages.length };
await chat.sendMessage({ parts: [] });
seen.refused = { status: chat.status, error: chat.error?.message };
process.stdout.write(JSON.stringify(seen));
