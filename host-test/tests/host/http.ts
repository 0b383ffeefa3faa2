/** A raw HTTP/1.1 exchange, so that requests are sent byte by byte as written. */
import { connect } from "node:net";
import { connect as connectTls, type SecureContextOptions } from "node:tls";

export interface RawResponse {
  status: number;
  /** In order, lower-case names. */
  headers: [name: string, value: string][];
  body: string;
}

/**
 * Sends `head` (lines without their ends); the response, or undefined for a reset without one. After
 * `withinMs` the client goes away. With `tls` it shows that certificate; the server's is not looked at.
 */
export async function exchange(
  port: number,
  head: readonly string[],
  withinMs = 5000,
  tls?: SecureContextOptions,
): Promise<RawResponse | undefined> {
  const text = await new Promise<string>((resolve) => {
    const chunks: Buffer[] = [];
    const socket =
      tls === undefined
        ? connect(port, "127.0.0.1")
        : connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ...tls });
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      // Envoy keeps a closed connection for a second; a whole response is enough.
      if (isWhole(Buffer.concat(chunks).toString("latin1"))) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.setTimeout(withinMs, () => socket.destroy());
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.write(Buffer.from(`${head.join("\r\n")}\r\nconnection: close\r\n\r\n`, "latin1"));
  });
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(" ")[1]), headers, body: text.slice(end + 4) };
}

/** Whether a response with a `content-length` has arrived. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: (\d+)\r\n/.exec(text.slice(0, end + 2))?.[1];
  return end >= 0 && length !== undefined && text.length - end - 4 >= Number(length);
}
