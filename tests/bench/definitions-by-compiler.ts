import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Definition } from './definitions.ts';

/** What of the compiler's syntax tree is looked at. */
interface SyntaxNode {
  kind: number;
  text?: string;
  name?: { text?: string; kind: number; getStart(file: unknown): number; getText?(file: unknown): string };
  initializer?: SyntaxNode;
  body?: SyntaxNode;
  type?: unknown;
  typeParameters?: unknown;
  left?: { text?: string; name?: { text?: string } };
  getStart(file: unknown): number;
}
interface Compiler {
  SyntaxKind: Record<string, number>;
  ScriptTarget: { Latest: number };
  createSourceFile(name: string, text: string, target: number, parents: boolean): SourceTree;
  forEachChild(node: unknown, hear: (child: SyntaxNode) => void): void;
}
interface SourceTree {
  parseDiagnostics: unknown[];
  getLineAndCharacterOfPosition(at: number): { line: number };
}

/** Definitions of TypeScript and JavaScript by the package in `folder`; constructors and fields are not demanded. */
export function definitionsByCompiler(folder: string, root: string, files: readonly string[]) {
  const ts: Compiler = createRequire(join(folder, 'package.json'))(folder);
  const is = (node: { kind: number } | undefined, ...names: readonly string[]) =>
    node !== undefined && names.some((name) => ts.SyntaxKind[name] === node.kind);
  const definitions: Definition[] = [];
  const broken = new Set<string>();
  for (const path of files) {
    const tree = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
    if (tree.parseDiagnostics.length > 0 || (/\.[cm]?jsx?$/.test(path) && hasTypes(tree))) broken.add(path);
    const add = (name: string | undefined, at: number, wanted: boolean) => {
      if (name) definitions.push({ path, name, line: tree.getLineAndCharacterOfPosition(at).line + 1, wanted });
    };
    const visit = (node: SyntaxNode, local: boolean, literal: boolean): void => {
      const member = is(node, 'MethodDeclaration', 'GetAccessor', 'SetAccessor');
      const holds = is(node, 'VariableDeclaration', 'PropertyDeclaration') && is(node.initializer, ...VALUES);
      if (node.name && !is(node, 'Parameter')) {
        // `namespace A.B {` is one definition, whose name nex gives whole; the compiler has one in the other.
        const dotted = is(node, 'ModuleDeclaration') && is(node.body, 'ModuleDeclaration');
        const demanded = member ? !literal : holds || (is(node, ...NAMED) && !dotted);
        add(
          node.name.text ?? node.name.getText?.(tree),
          node.name.getStart(tree),
          demanded && !local && node.name.text !== undefined,
        );
      } else if (is(node, 'Constructor')) add('constructor', node.getStart(tree), false);
      else if (is(node, 'ExportAssignment', 'FunctionDeclaration', 'ClassDeclaration'))
        add('default', node.getStart(tree), false);
      else if (is(node, 'BinaryExpression')) add(node.left?.name?.text ?? node.left?.text, node.getStart(tree), false);
      const inside = local || is(node, ...BODIES);
      const object =
        is(node, 'ObjectLiteralExpression') || (literal && !is(node, 'ClassDeclaration', 'ClassExpression'));
      ts.forEachChild(node, (child) => visit(child, inside, object));
    };
    ts.forEachChild(tree, (child) => visit(child, false, false));
  }
  return { definitions, broken };

  /** Types in a script are Flow's: no JavaScript, which the compiler notices only when it checks a program. */
  function hasTypes(node: unknown): boolean {
    let found = false;
    ts.forEachChild(node, (child) => {
      found ||=
        is(child, ...TYPED) || child.type !== undefined || child.typeParameters !== undefined || hasTypes(child);
    });
    return found;
  }
}

const TYPED = ['TypeAliasDeclaration', 'InterfaceDeclaration', 'EnumDeclaration', 'ModuleDeclaration', 'TypeAssertion'];
const VALUES = ['ArrowFunction', 'FunctionExpression', 'ClassExpression'];
const NAMED = [
  'FunctionDeclaration',
  'ClassDeclaration',
  'InterfaceDeclaration',
  'EnumDeclaration',
  'TypeAliasDeclaration',
  'ModuleDeclaration',
];
const BODIES = [
  'FunctionDeclaration',
  'MethodDeclaration',
  'ArrowFunction',
  'FunctionExpression',
  'Constructor',
  'GetAccessor',
  'SetAccessor',
];
