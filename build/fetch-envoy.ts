/** `tsx build/fetch-envoy.ts`: finds or fetches Envoy and prints its path. */
import { findEnvoy } from "../cli/envoy/find.ts";
import { say } from "./workspace.ts";

process.stdout.write(`${await findEnvoy({ progress: say })}\n`);
