import { existsSync } from 'node:fs';
import { type FailingProgram, moduleName, pad, twoNumbers } from './program.ts';

type V = Parameters<FailingProgram['files']>[0];

function c(name: string, compiler: string, code: (v: V) => string, flags = '-c'): FailingProgram {
  return {
    name: `${compiler}: ${name}`,
    toolchain: 'gcc',
    needs: [compiler],
    files: (v) => ({ [`${v.file(1)}.c`]: `${pad(v, 1)}${code(v)}` }),
    command: (v) => `${compiler} -Wall -Werror ${flags} ${v.file(1)}.c -o out`,
  };
}

function java(name: string, code: (v: V) => string, run = false): FailingProgram {
  return {
    name: `${run ? 'java' : 'javac'}: ${name}`,
    toolchain: 'javac',
    needs: ['javac', 'java'],
    files: (v) => ({ [`${v.Id(1)}.java`]: `${pad(v, 1)}${code(v)}` }),
    command: (v) => (run ? `javac ${v.Id(1)}.java && java -cp . ${v.Id(1)}` : `javac ${v.Id(1)}.java`),
  };
}

/** Debian brings Maven's plugins as packages; Maven finds them when it is told to look there, and only there. */
const DEBIAN_REPOSITORY = '/usr/share/maven-repo';
const MAVEN: Readonly<Record<string, string>> = existsSync(DEBIAN_REPOSITORY)
  ? { '.mvn/maven.config': `-o\n-Dmaven.repo.local=${DEBIAN_REPOSITORY}\n` }
  : {};

function maven(name: string, code: (v: V) => string): FailingProgram {
  return {
    name: `maven: ${name}`,
    toolchain: 'maven',
    needs: ['mvn', 'javac'],
    files: (v) => ({
      ...MAVEN,
      'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>${v.file(2)}</artifactId><version>${v.number(1)}</version><properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties></project>\n`,
      [`src/main/java/x/${v.Id(1)}.java`]: `package x;\n${pad(v, 1)}${code(v)}`,
    }),
    command: () => 'mvn -B compile',
  };
}

function gradle(name: string, code: (v: V) => string): FailingProgram {
  return {
    name: `gradle: ${name}`,
    toolchain: 'gradle',
    needs: ['gradle', 'javac'],
    files: (v) => ({
      'build.gradle': "apply plugin: 'java'\n",
      [`src/main/java/${v.Id(1)}.java`]: `${pad(v, 1)}${code(v)}`,
    }),
    command: () => 'gradle --offline --no-daemon compileJava',
  };
}

export const nativeAndJvm: readonly FailingProgram[] = [
  c('undeclared name', 'gcc', (v) => `int ${v.id(1)}(void) { return ${v.id(3)}_x; }\n`),
  c('missing header', 'gcc', (v) => `#include "${v.file(4)}.h"\nint x;\n`),
  c('syntax', 'gcc', (v) => `int ${v.id(1)}(void) { return ${v.number(1)} }\n`),
  c(
    'no such member',
    'gcc',
    (v) => `struct ${v.id(1)} { int a; };\nint f(struct ${v.id(1)} *x) { return x->${v.id(2)}; }\n`,
  ),
  c('undefined reference', 'gcc', (v) => `int ${v.id(1)}_f(void);\nint main(void) { return ${v.id(1)}_f(); }\n`, ''),
  c('unused variable', 'gcc', (v) => `int f(void) { int ${v.id(2)} = 1; return 0; }\n`),
  c('undeclared name', 'clang', (v) => `int ${v.id(1)}(void) { return ${v.id(3)}_x; }\n`),
  c('too few arguments', 'clang', (v) => `int ${v.id(1)}(int a, int b);\nint f(void) { return ${v.id(1)}(1); }\n`),
  {
    name: 'make: no rule',
    toolchain: 'gcc',
    needs: ['make'],
    files: (v) => ({ Makefile: `${pad(v, 1, '#')}all: ${v.file(3)}.o\n` }),
    command: () => 'make',
  },
  {
    name: 'make: compile error behind a rule',
    toolchain: 'gcc',
    needs: ['make', 'gcc'],
    files: (v) => ({
      Makefile: `all:\n\tgcc -c src/${v.file(1)}.c -o /dev/null\n`,
      [`src/${v.file(1)}.c`]: `${pad(v, 1)}int ${v.id(1)}(void) { char *a = 1.5; return a; }\n`,
    }),
    command: () => 'make -j2 all',
  },
  {
    name: 'make: missing separator',
    toolchain: 'gcc',
    needs: ['make'],
    files: (v) => ({ Makefile: `${pad(v, 1, '#')}${v.id(1)}:\n    echo hello\n` }),
    command: () => 'make',
  },
  {
    name: 'native: segmentation fault',
    toolchain: 'command',
    needs: ['gcc'],
    files: (v) => ({
      [`${v.file(1)}.c`]: `${pad(v, 1)}int main(void) { volatile int *${v.id(1)} = 0; return *${v.id(1)}; }\n`,
    }),
    command: (v) => `gcc ${v.file(1)}.c -o ${v.file(2)} && ./${v.file(2)}`,
  },
  java('cannot find symbol', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)}() { return ${v.id(3)}_x; }\n}\n`),
  java('incompatible types', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)} = "${v.id(2)}";\n}\n`),
  java('syntax', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)}() { return ${v.number(1)} }\n}\n`),
  java('missing package', (v) => `import org.${moduleName(v, 3)}.${v.Id(2)};\nclass ${v.Id(1)} {}\n`),
  java(
    'unreported exception',
    (v) => `class ${v.Id(1)} {\n  void ${v.id(1)}() { throw new Exception("${v.id(2)}"); }\n}\n`,
  ),
  java(
    'null pointer',
    (v) =>
      `class ${v.Id(1)} {\n  static String ${v.id(1)};\n  public static void main(String[] args) { System.out.println(${v.id(1)}.length()); }\n}\n`,
    true,
  ),
  java(
    'array index',
    (v) =>
      `class ${v.Id(1)} {\n  public static void main(String[] args) { int[] ${v.id(1)} = new int[${twoNumbers(v, 1)[0]}]; ${v.id(1)}[${twoNumbers(v, 1)[1]}] = 1; }\n}\n`,
    true,
  ),
  maven('cannot find symbol', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)}() { return ${v.id(3)}_x; }\n}\n`),
  maven('incompatible types', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)} = "${v.id(2)}";\n}\n`),
  gradle('cannot find symbol', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)}() { return ${v.id(3)}_x; }\n}\n`),
  gradle('incompatible types', (v) => `class ${v.Id(1)} {\n  int ${v.id(1)} = "${v.id(2)}";\n}\n`),
  {
    name: 'dotnet: unknown name',
    toolchain: 'dotnet',
    needs: ['dotnet'],
    files: (v) => ({
      [`${v.file(2)}.csproj`]:
        '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>\n',
      [`${v.Id(1)}.cs`]: `${pad(v, 1)}class ${v.Id(1)} { static int Main() { return ${v.id(1)}; } }\n`,
    }),
    command: () => 'dotnet build --nologo',
  },
];
