import { type FailingProgram, moduleName, pad, twoNumbers } from './program.ts';

type V = Parameters<FailingProgram['files']>[0];

function go(name: string, command: string, code: (v: V) => string, test = false): FailingProgram {
  return {
    name: `go: ${name}`,
    toolchain: 'go',
    needs: ['go'],
    files: (v) => ({
      'go.mod': `module example.com/${moduleName(v, 2)}\n\ngo 1.19\n`,
      [`${moduleName(v, 1)}${test ? '_test' : ''}.go`]: `package main\n\n${code(v).replace('\n\n', `\n\n${pad(v, 1)}`)}`,
      ...(test && { 'main.go': 'package main\n\nfunc main() {}\n' }),
    }),
    command: () => command,
  };
}

function cargo(name: string, command: string, code: (v: V) => string): FailingProgram {
  return {
    name: `cargo: ${name}`,
    toolchain: 'cargo',
    needs: ['cargo', 'cc', ...(command.includes('clippy') ? ['cargo-clippy'] : [])],
    files: (v) => ({
      'Cargo.toml': `[package]\nname = "${v.file(2)}"\nversion = "0.1.0"\nedition = "2021"\n`,
      'src/lib.rs': `${pad(v, 1)}${code(v)}`,
    }),
    command: () => command,
  };
}

export const goAndRust: readonly FailingProgram[] = [
  go('undefined', 'go build ./...', (v) => `func main() {\n\t${v.id(1)}()\n}\n\nvar x = 1\n`),
  go('unused variable', 'go build ./...', (v) => `func main() {\n\t${v.id(1)} := ${v.number(1)}\n}\n\nvar x = 1\n`),
  go('unused import', 'go vet ./...', () => 'import "os"\n\nfunc main() {}\n'),
  go(
    'wrong type',
    'go build',
    (v) => `func main() {\n\tvar ${v.id(1)} int = "${v.id(2)}"\n\t_ = ${v.id(1)}\n}\n\nvar x = 1\n`,
  ),
  go('missing return', 'go build ./...', (v) => `func ${v.id(1)}() int {\n}\n\nfunc main() { ${v.id(1)}() }\n`),
  go('syntax', 'go build ./...', (v) => `func main() {\n\tif ${v.id(1)} {\n}\n\nvar x = 1\n`),
  go(
    'missing package',
    'go build ./...',
    (v) =>
      `import "example.com/${moduleName(v, 2)}/${moduleName(v, 3)}_pkg"\n\nfunc main() { ${moduleName(v, 3)}_pkg.Run() }\n`,
  ),
  go('printf verb', 'go vet ./...', (v) => `import "fmt"\n\nfunc main() {\n\tfmt.Printf("%d\\n", "${v.id(1)}")\n}\n`),
  go(
    'test failure',
    'go test ./...',
    (v) => {
      const [one, other] = twoNumbers(v, 1);
      return `import "testing"\n\n${v.order([
        `func Test${v.Id(1)}A(t *testing.T) {}\n\n`,
        `func Test${v.Id(2)}B(t *testing.T) {\n\tif ${v.id(1)} := ${one}; ${v.id(1)} != ${other} {\n\t\tt.Errorf("got %d, want %d", ${v.id(1)}, ${other})\n\t}\n}\n\n`,
      ])}`;
    },
    true,
  ),
  go(
    'nil map in a test',
    'go test',
    (v) =>
      `import "testing"\n\nfunc Test${v.Id(1)}(t *testing.T) {\n\tvar ${v.id(1)} map[string]int\n\t${v.id(1)}["${v.id(2)}"] = 1\n}\n`,
    true,
  ),
  go(
    'index out of range',
    'go run .',
    (v) =>
      `import "os"\n\nfunc main() {\n\t${v.id(1)} := []int{1}\n\tprintln(${v.id(1)}[len(os.Args)+${v.number(1)}])\n}\n`,
  ),
  cargo('mismatched types', 'cargo build', (v) => `pub fn ${v.id(1)}() -> u32 {\n    "${v.id(2)}"\n}\n`),
  cargo(
    'moved value',
    'cargo check',
    (v) =>
      `pub fn ${v.id(1)}(${v.id(2)}: String) -> (String, String) {\n    let a = ${v.id(2)};\n    (a, ${v.id(2)})\n}\n`,
  ),
  cargo('name not found', 'cargo build', (v) => `pub fn ${v.id(1)}() -> u32 {\n    ${v.id(3)} + 1\n}\n`),
  cargo(
    'unresolved import',
    'cargo build',
    (v) => `use crate::${moduleName(v, 3)}::${v.Id(2)};\npub type A = ${v.Id(2)};\n`,
  ),
  cargo('syntax', 'cargo build', (v) => `pub fn ${v.id(1)}() {\n    let a = (1;\n}\n`),
  cargo(
    'missing trait method',
    'cargo build',
    (v) => `pub struct ${v.Id(1)};\nimpl Iterator for ${v.Id(1)} {\n    type Item = u8;\n}\n`,
  ),
  cargo('assert_eq', 'cargo test', (v) => {
    const [one, other] = twoNumbers(v, 1);
    return v.order([
      `#[test]\nfn ${v.id(1)}() {}\n`,
      `#[test]\nfn ${v.id(2)}_b() {\n    assert_eq!(${one}, ${other});\n}\n`,
    ]);
  }),
  cargo(
    'unwrap on None',
    'cargo test',
    (v) =>
      `pub fn ${v.id(1)}(x: Option<u8>) -> u8 {\n    x.unwrap()\n}\n#[test]\nfn ${v.id(2)}_t() {\n    ${v.id(1)}(None);\n}\n`,
  ),
  cargo(
    'denied lint',
    'cargo clippy -- -D warnings',
    (v) => `pub fn sum(${moduleName(v, 2)}: &[u8]) -> bool {\n    ${moduleName(v, 2)}.len() == 0\n}\n`,
  ),
];
