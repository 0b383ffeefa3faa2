/** A load of HTTP/1.1 requests over kept-alive loopback connections, one request at a time on each. */
import { connect, type Socket } from "node:net";

export interface Load {
  port: number;
  /** The head of the request, with its final empty line. */
  request: string;
  requests: number;
  connections: number;
  /** What every answer must be; another one fails the run. */
  status: number;
}

/** Sends all requests; settles when the last answer is there. Answers must fit one segment, as small ones do. */
export async function sendLoad(load: Load): Promise<void> {
  const state = { left: load.requests };
  await Promise.all(Array.from({ length: load.connections }, () => runConnection(load, state)));
}

function runConnection(load: Load, state: { left: number }): Promise<void> {
  const request = Buffer.from(load.request, "latin1");
  const expected = `HTTP/1.1 ${load.status} `;
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(load.port, "127.0.0.1");
    socket.setNoDelay(true);
    const sendNext = () => {
      if (state.left === 0) {
        socket.end();
        resolve();
        return;
      }
      state.left -= 1;
      socket.write(request);
    };
    socket.on("connect", sendNext);
    socket.on("error", reject);
    socket.on("data", (data) => {
      const head = data.toString("latin1", 0, expected.length);
      if (head === expected) sendNext();
      else reject(new Error(`expected ${expected.trim()}, got ${data.toString("latin1", 0, 300)}`));
    });
  });
}
