// What other people's work is inside nex: the packages that are bundled or installed beside it, the grammars, and the
// Node that the single executable consists of. As one text with every licence, and as a CycloneDX bill of materials.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './toolchain.mjs';

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * The parts of a build, by name. `inputs` are the files that the bundles hold; packages that stay packages are taken from
 * package.json, and whatever of them is installed for this platform with them.
 */
export function partsOf(inputs) {
  const { dependencies = {}, optionalDependencies = {} } = json(join(root, 'package.json'));
  const names = new Set(inputs.flatMap((file) => packageIn(file) ?? []));
  const wanted = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (names.has(name) || !existsSync(join(root, 'node_modules', name))) continue;
    names.add(name);
    const found = json(join(root, 'node_modules', name, 'package.json'));
    wanted.push(...Object.keys(found.dependencies ?? {}), ...Object.keys(found.optionalDependencies ?? {}));
  }
  return [...[...names].map(packagePart), ...grammars()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageIn(file) {
  const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/')) ?? [];
  return name;
}

function packagePart(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = json(join(folder, 'package.json'));
  return { name, version, licence: license, purl: purlOf(name, version), text: licenceText(folder, name) };
}

function licenceText(folder, name) {
  const files = readdirSync(folder)
    .filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry))
    .sort();
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  // Packages of one platform refer to the package that they belong to.
  const whole = name.replace(/-(?:linux|darwin|win32)-.*$/, '');
  return whole === name ? undefined : licenceText(join(root, 'node_modules', whole), whole);
}

/** Licences by what they say. */
const LICENCES = [
  [/Permission is hereby granted, free of charge/, 'MIT'],
  [/Apache License/, 'Apache-2.0'],
  [/released into the public domain/, 'Unlicense'],
];

function grammars() {
  const folder = join(root, 'src', 'indexer', 'grammars');
  return Object.entries(json(join(folder, 'manifest.json'))).map(([name, entry]) => {
    const at = entry.package.lastIndexOf('@');
    const [owner, version] = [entry.package.slice(0, at), entry.package.slice(at + 1)];
    const text = readFileSync(join(folder, `${name}.LICENSE`), 'utf8').trim();
    const [, licence] = LICENCES.find(([words]) => words.test(text)) ?? [];
    if (licence === undefined) throw new Error(`the licence of the ${name} grammar is an unknown one`);
    return { name: `${owner} (${name})`, version, licence, purl: purlOf(owner, version), text };
  });
}

/** Node, with everything inside of it, of which its own licence file tells. */
export function nodePart(node, licence) {
  const text = readFileSync(licence, 'utf8').trim();
  return { name: 'node', version: node.replace(/^v/, ''), licence: 'MIT', purl: `pkg:generic/node@${node}`, text };
}

function purlOf(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** All licences as one text. Throws when a part brings none. */
export function licencesText(parts) {
  const bare = parts.filter(({ text }) => text === undefined).map(({ name }) => name);
  if (bare.length > 0) throw new Error(`no licence text: ${bare.join(', ')}`);
  const worded = parts.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`);
  return worded.join(`\n${'='.repeat(80)}\n\n`);
}

/** The parts as a CycloneDX 1.6 bill of materials: the same bytes for the same parts. */
export function billOfMaterials(parts) {
  const { name, version, license } = json(join(root, 'package.json'));
  const licensed = (id) => (/^[\w.+-]+$/.test(id) ? [{ license: { id } }] : [{ expression: id }]);
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, licenses: licensed(license) } },
    components: parts.map((part) => ({
      type: 'library',
      'bom-ref': `${part.purl}#${part.name}`,
      name: part.name,
      version: part.version,
      purl: part.purl,
      licenses: licensed(part.licence),
    })),
  };
  return `${JSON.stringify(bill, null, 1)}\n`;
}
