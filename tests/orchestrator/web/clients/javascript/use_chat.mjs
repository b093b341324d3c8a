// The AI SDK's useChat in React, in a document without a browser: asked, approved and shown as a page would.
// The agent's address is the argument; prints what it saw as JSON, and the Python test beside it judges.

import { Window } from "happy-dom";

const window = new Window();
for (const name of ["document", "navigator", "HTMLElement", "Node"]) globalThis[name] ??= window[name];
globalThis.window = window;

const { createElement, useEffect, useState } = await import("react");
const { createRoot } = await import("react-dom/client");
const { useChat } = await import("@ai-sdk/react");
const { DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses } = await import("ai");

const transport = new DefaultChatTransport({ api: `${process.argv[2]}/api/chat` });
const seen = { statuses: [] };
let done;
const finished = new Promise((resolve) => (done = resolve));

function Page() {
  const { messages, sendMessage, status, error, addToolApprovalResponse } = useChat({
    transport,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  const [step, setStep] = useState(0);
  const parts = messages.at(-1)?.parts ?? [];
  const waiting = parts.find((part) => part.state === "approval-requested");
  const text = parts.filter((part) => part.type === "text").at(-1)?.text ?? "";

  useEffect(() => void seen.statuses.push(status), [status]);
  useEffect(() => {
    if (error) done({ error: error.message });
    if (step === 0) {
      setStep(1);
      sendMessage({ text: "Add a record to Tasks: Name = Rest, Hours = 2" });
    } else if (step === 1 && status === "ready" && waiting) {
      setStep(2);
      addToolApprovalResponse({ id: waiting.approval.id, approved: true });
    } else if (step === 2 && status === "ready" && text.includes("Added")) {
      done({ html: document.body.innerHTML });
    }
  });
  return createElement(
    "ol",
    null,
    ...parts.map((part, place) =>
      createElement("li", { key: place }, part.type === "dynamic-tool" ? `${part.toolName}: ${part.state}` : part.type === "data-cost" ? `cost ${part.data.micros}` : (part.text ?? "")),
    ),
  );
}

const place = document.createElement("div");
document.body.append(place);
createRoot(place).render(createElement(Page));
Object.assign(seen, await finished);
process.stdout.write(JSON.stringify(seen));
process.exit(0);
