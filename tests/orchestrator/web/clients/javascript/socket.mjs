// A WebSocket client: asks, approves, leaves in mid-run and comes back to what it missed.
// The agent's address is the argument; prints what it saw as JSON, and the Python test beside it judges.

import WebSocket from "ws";

const url = `${process.argv[2].replace("http", "ws")}/ws`;

async function open() {
  const socket = new WebSocket(url);
  const frames = [];
  let wake = () => {};
  socket.on("message", (data) => {
    frames.push(JSON.parse(data));
    wake();
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return {
    send: (said) => socket.send(JSON.stringify(said)),
    close: () => socket.close(),
    // The frames up to the first of that kind.
    until: async (kind) => {
      for (;;) {
        const place = frames.findIndex((frame) => frame.kind === kind);
        if (place >= 0) return frames.splice(0, place + 1);
        await new Promise((resolve) => (wake = resolve));
      }
    },
  };
}

const seen = {};
const first = await open();
first.send({ type: "say", message: "Add a record to Tasks: Name = Rest, Hours = 2" });
seen.asked = await first.until("run_finished");
const request = seen.asked.find((frame) => frame.kind === "approval_requested");
first.send({ type: "decide", approval: request.approval, decision: "approved", arguments_sha256: request.arguments_sha256 });
seen.approved = await first.until("run_finished");
const { session, number } = seen.approved.at(-1);
first.send({ type: "say", session, message: "How many tasks are there?" });
await first.until("accepted");
first.close();

const second = await open();
second.send({ type: "follow", session, after: number });
seen.missed = await second.until("run_finished");
second.close();
process.stdout.write(JSON.stringify(seen));
