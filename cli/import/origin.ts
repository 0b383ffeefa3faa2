/** From a place in the document that an import made to the resource that it comes from. */
import type { Region } from "../files/position.ts";
import { pointerOfRefusal } from "../policy/refusal.ts";
import type { Imported } from "./istio.ts";

export interface Place {
  file: string;
  region: Region;
}

/** Where the filter's refusal of the document points to in the files; their start, where it is of no resource. */
export function originRegion(refusal: string, { origins }: Imported): Place {
  const pointer = pointerOfRefusal(refusal);
  const origin =
    origins.find(
      (candidate) => pointer === candidate.pointer || pointer.startsWith(`${candidate.pointer}/`),
    ) ?? origins[0];
  if (origin === undefined) return { file: "-", region: NOWHERE };
  const tail = pointer.startsWith(origin.pointer) ? pointer.slice(origin.pointer.length + 1) : "";
  const tokens = tail === "" ? [] : tail.split("/");
  return { file: origin.resource.file, region: origin.resource.regionOf([...origin.tokens, ...tokens]) };
}

const START = { line: 1, column: 1 };
const NOWHERE: Region = { start: START, end: START };
