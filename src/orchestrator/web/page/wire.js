// How the page speaks with the server: requests with its key, and streams of events.

export const key = document.getElementById("key");

// Asks with the server's key, if one was given; it is kept in this page's memory and nowhere else.
function request(path, body) {
  const headers = key.value ? { Authorization: `Bearer ${key.value}` } : {};
  if (body === undefined) return fetch(path, { headers });
  headers["Content-Type"] = "application/json";
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The server answered ${status}.`);
    this.status = status;
  }
}

async function answered(path, body) {
  let answer;
  try {
    answer = await request(path, body);
  } catch {
    throw new Refused(0, { detail: "The server cannot be reached." });
  }
  if (answer.ok) return answer;
  throw new Refused(answer.status, await answer.json().catch(() => ({})));
}

export const ask = async (path, body) => (await answered(path, body)).json();

// The events of a stream as they come. Throws Refused, or another error when the connection breaks.
export async function* events(path, body) {
  const answer = await answered(path, body);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const frames = (rest + value).split("\n\n");
    rest = frames.pop();
    for (const frame of frames) {
      const line = frame.split("\n").find((one) => one.startsWith("data: "));
      if (line) yield JSON.parse(line.slice(6));
    }
  }
}
