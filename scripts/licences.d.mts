/** A part of nex that others made. */
export interface Part {
  name: string;
  version: string;
  /** An SPDX identifier or expression. */
  licence: string;
  purl: string;
  /** Undefined when it brings none. */
  text: string | undefined;
}

export function partsOf(inputs: readonly string[]): Part[];
export function nodePart(node: string, licence: string): Part;
export function licencesText(parts: readonly Part[]): string;
export function billOfMaterials(parts: readonly Part[]): string;
