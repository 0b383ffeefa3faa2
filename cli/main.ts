import { placeholder } from "lictor-host";
console.log("cli", placeholder);
