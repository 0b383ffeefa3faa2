/** What is wrong with one policy file: the filter's refusal, or the traps of a document that loads. */
import { locate, type Region } from "../files/position.ts";
import { lint, type Finding } from "../lint/lint.ts";
import { readPolicy } from "../policy/content.ts";
import { documentInfo, loadPolicy, type DocumentInfo } from "../policy/load-policy.ts";
import { whyNotReady } from "../policy/ready-policy.ts";
import { regionOfRefusal } from "../policy/refusal.ts";
import { documentSchema } from "../schema/document.ts";

export interface PlacedFinding extends Finding {
  region: Region;
  /** The line where it starts, for tools that tell findings apart by what the line says. */
  line: string;
}

export type CheckedFile =
  | { file: string; loads: false; refusal: string; region: Region; line: string }
  | {
      file: string;
      loads: true;
      info: DocumentInfo;
      findings: PlacedFinding[];
      /** What keeps it from deciding in the environment of this process, a line for each. */
      notReady: string[];
    };

export async function checkFile(file: string): Promise<CheckedFile> {
  const document = readPolicy(file);
  const text = document.toString();
  const lines = text.split(/\r?\n/);
  const lineAt = (region: Region) => lines[region.start.line - 1] ?? "";
  const loaded = await loadPolicy(document);
  if ("refused" in loaded) {
    const region = regionOfRefusal(loaded.refused, document);
    return { file, loads: false, refusal: loaded.refused, region, line: lineAt(region) };
  }
  // What loads has the schema's form: a test holds filter and schema to one another.
  const findings = lint(documentSchema.parse(JSON.parse(text)));
  const located = findings.length === 0 ? undefined : locate(text);
  const placed = findings.map((finding) => {
    const region = located!.value(finding.pointer);
    return { ...finding, region, line: lineAt(region) };
  });
  return {
    file,
    loads: true,
    info: documentInfo(text),
    findings: placed.sort(byPlace),
    notReady: await whyNotReady(file, loaded),
  };
}

function byPlace(left: PlacedFinding, right: PlacedFinding): number {
  const [a, b] = [left.region.start, right.region.start];
  return a.line - b.line || a.column - b.column;
}

/** Whether a check fails because of the file. */
export function hasFaults(checked: CheckedFile): boolean {
  return !checked.loads || checked.findings.some(({ level }) => level !== "note");
}
