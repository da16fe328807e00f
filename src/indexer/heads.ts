import type { Node } from 'web-tree-sitter';

/** Where a definition begins once its annotations are left aside. */
export function headOf(node: Node, annotations: readonly string[] | undefined): Node {
  if (!annotations) return node;
  // A comment may stand between an annotation and the head.
  const isBefore = ({ type }: Node) => annotations.includes(type) || type.endsWith('comment');
  let child = node.firstChild;
  if (child?.type === 'modifiers') {
    const modifier = child.children.find((part) => !isBefore(part));
    if (modifier && modifier.startIndex === child.startIndex) return node;
    return modifier ?? child.nextSibling ?? node;
  }
  if (!child || !annotations.includes(child.type)) return node;
  while (child && isBefore(child)) child = child.nextSibling;
  return child ?? node;
}
