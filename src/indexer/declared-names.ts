import type { Node } from 'web-tree-sitter';
import type { SymbolKind } from './languages/language.ts';

interface Definition {
  kind: SymbolKind;
  node: Node;
  body: Node | undefined;
}

/** What is declared outside of functions' bodies: the names that such declarators begin with. */
export function namesDeclared(declarators: Node[], definitions: Iterable<Definition>, text: string): string[] {
  if (declarators.length === 0) return [];
  const names: string[] = [];
  const bodies: Node[] = [];
  for (const { kind, node, body } of definitions) {
    // Without parentheses it is a class whose macros the grammar takes for its name (`class EXPORT_API Server {`).
    if (body && kind === 'function' && text.slice(node.startIndex, body.startIndex).includes('(')) bodies.push(body);
  }
  bodies.sort((a, b) => a.startIndex - b.startIndex);
  let next = 0;
  let end = 0;
  for (const node of declarators.sort((a, b) => a.startIndex - b.startIndex)) {
    for (; (bodies[next]?.startIndex ?? node.startIndex) < node.startIndex; next++)
      end = Math.max(end, bodies[next]?.endIndex ?? 0);
    if (node.startIndex < end) continue;
    const name = node.firstNamedChild;
    if (name?.type === 'identifier' || name?.type === 'field_identifier') names.push(name.text);
  }
  return names;
}
