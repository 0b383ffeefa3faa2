/** One request over a connection of its own. */
import { connect } from "node:net";

/** The status of `GET /`. */
export function exchangeOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => socket.write("GET / HTTP/1.1\r\nhost: bench\r\n\r\n"));
    socket.on("error", reject);
    socket.on("data", (data) => {
      socket.destroy();
      resolve(Number(data.toString("latin1", 9, 12)));
    });
  });
}
