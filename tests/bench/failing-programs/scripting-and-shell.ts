import { type FailingProgram, moduleName, pad, twoNumbers } from './program.ts';

type V = Parameters<FailingProgram['files']>[0];

function script(language: 'ruby' | 'php', name: string, code: (v: V) => string): FailingProgram {
  const [ending, head, comment] = language === 'ruby' ? ['rb', '', '#'] : ['php', '<?php\n', '//'];
  return {
    name: `${language}: ${name}`,
    toolchain: language,
    needs: [language],
    files: (v) => ({ [`${moduleName(v, 1)}.${ending}`]: `${head}${pad(v, 1, comment)}${code(v)}` }),
    command: (v) => `${language} ${moduleName(v, 1)}.${ending}`,
  };
}

function rspec(name: string, code: (v: V) => string): FailingProgram {
  return {
    name: `rspec: ${name}`,
    toolchain: 'rspec',
    needs: ['rspec'],
    files: (v) => ({
      [`spec/${moduleName(v, 1)}_spec.rb`]: `${pad(v, 1, '#')}RSpec.describe '${v.id(1)}' do\n${code(v)}end\n`,
    }),
    command: (v) => (v.line(1) % 2 === 0 ? 'rspec' : 'rspec --order rand'),
  };
}

function phpunit(name: string, code: (v: V) => string): FailingProgram {
  return {
    name: `phpunit: ${name}`,
    toolchain: 'phpunit',
    needs: ['phpunit'],
    files: (v) => ({
      [`tests/${v.Id(1)}Test.php`]: `<?php\nuse PHPUnit\\Framework\\TestCase;\n${pad(v, 1)}final class ${v.Id(1)}Test extends TestCase {\n${code(v)}}\n`,
    }),
    command: () => 'phpunit tests',
  };
}

function shell(
  name: string,
  needs: readonly string[],
  command: (v: V) => string,
  files: FailingProgram['files'] = () => ({}),
): FailingProgram {
  return { name: `shell: ${name}`, toolchain: 'shell', needs, files, command };
}

export const scriptingAndShell: readonly FailingProgram[] = [
  script('ruby', 'method of nil', (v) => `def ${v.id(1)}\n  nil\nend\n${v.id(1)}.${v.id(2)}_x\n`),
  script('ruby', 'missing file', (v) => `require '${v.file(3)}_kit'\n`),
  script('ruby', 'undefined name', (v) => `puts ${v.id(4)}_y\n`),
  script('ruby', 'missing key', (v) => `{ ${v.id(1)}: 1 }.fetch(:${v.id(2)}_k)\n`),
  script('ruby', 'syntax', (v) => `def ${v.id(1)}\n  [1, 2\nend\n`),
  script('ruby', 'wrong number of arguments', (v) => `def ${v.id(1)}(a)\nend\n${v.id(1)}(1, 2)\n`),
  rspec('eq', (v) => {
    const [one, other] = twoNumbers(v, 1);
    return v.order([
      `  it '${v.id(2)} holds' do\n    expect(true).to be true\n  end\n`,
      `  it '${v.id(3)} adds up' do\n    expect(${one}).to eq ${other}\n  end\n`,
    ]);
  }),
  rspec(
    'include',
    (v) => `  it '${v.id(3)} is there' do\n    expect(['${v.id(4)}']).to include('${v.id(5)}_q')\n  end\n`,
  ),
  rspec('error in the code', (v) => `  it '${v.id(3)} works' do\n    nil.${v.id(4)}_z\n  end\n`),
  {
    name: 'minitest: assert_equal',
    toolchain: 'ruby',
    needs: ['ruby'],
    files: (v) => {
      const [one, other] = twoNumbers(v, 1);
      return {
        [`${moduleName(v, 1)}_test.rb`]: `require 'minitest/autorun'\n${pad(v, 1, '#')}class ${v.Id(1)}Test < Minitest::Test\n  def test_${v.id(1)}\n    assert_equal ${one}, ${other}\n  end\nend\n`,
      };
    },
    command: (v) => `ruby ${moduleName(v, 1)}_test.rb`,
  },
  script('php', 'undefined function', (v) => `${v.id(1)}_f(${v.number(1)});\n`),
  script('php', 'syntax', (v) => `function ${v.id(1)}() {\n  return ${v.number(1)}\n}\n`),
  script('php', 'method of null', (v) => `$${v.id(1)} = null;\n$${v.id(1)}->${v.id(2)}();\n`),
  script('php', 'wrong type', (v) => `function ${v.id(1)}(int $a) {}\n${v.id(1)}('${v.id(2)}');\n`),
  script('php', 'missing class', (v) => `new ${v.Id(2)}Thing();\n`),
  phpunit('assertSame', (v) => {
    const [one, other] = twoNumbers(v, 1);
    return v.order([
      `  public function test${v.Id(1)}A(): void { $this->assertTrue(true); }\n`,
      `  public function test${v.Id(2)}B(): void { $this->assertSame(${one}, ${other}); }\n`,
    ]);
  }),
  phpunit(
    'assertContains',
    (v) => `  public function test${v.Id(2)}(): void { $this->assertContains('${v.id(1)}', ['${v.id(2)}_w']); }\n`,
  ),
  phpunit('error in the code', (v) => `  public function test${v.Id(2)}(): void { ${v.id(3)}_g(); }\n`),
  shell('command not found', ['bash'], (v) => `${v.file(3)}_tool --version`),
  shell(
    'permission denied',
    ['bash'],
    (v) => `bash -c ./${v.file(1)}.sh`,
    (v) => ({ [`${v.file(1)}.sh`]: `${pad(v, 1, '#')}echo hi\n` }),
  ),
  shell('script missing', ['bash'], (v) => `bash ${v.file(1)}.sh`),
  shell(
    'shell syntax',
    ['bash'],
    (v) => `bash ${v.file(1)}.sh`,
    (v) => ({ [`${v.file(1)}.sh`]: `${pad(v, 1, '#')}if true; then\n  echo ${v.id(1)}\n)\n` }),
  ),
  shell(
    'unset variable',
    ['bash'],
    (v) => `bash ${v.file(1)}.sh`,
    (v) => ({ [`${v.file(1)}.sh`]: `set -u\n${pad(v, 1, '#')}echo "$${v.id(2).toUpperCase()}"\n` }),
  ),
  shell('connection refused', ['curl'], (v) => `curl -sS http://127.0.0.1:${1 + (v.number(1) % 8)}/${v.file(1)}`),
  shell('host not found', ['curl'], (v) => `curl -sS http://${v.file(1).replaceAll('_', '-')}.invalid/${v.file(2)}`),
];
