import { describe, expect, it } from 'vitest';
import { languageOfPath, languageOfScript } from '../../../src/indexer/languages/all.ts';
import { findByRegex } from '../../../src/indexer/languages/by-regex.ts';
import { looksLikeCpp } from '../../../src/indexer/languages/cpp.ts';
import { regexLanguages } from '../../../src/indexer/languages/regex-languages.ts';

const nameOf = (path: string) => {
  const language = languageOfPath(path);
  return typeof language === 'object' ? language.name : language;
};

describe('languageOfPath', () => {
  it.each([
    ['src/a.ts', 'typescript'],
    ['src/a.d.mts', 'typescript'],
    ['src/A.TSX', 'typescript'],
    ['a.cjs', 'javascript'],
    ['a.h', 'c'],
    ['a.hpp', 'cpp'],
    ['Makefile', 'make'],
    ['Dockerfile', 'dockerfile'],
    ['CMakeLists.txt', 'cmake'],
    ['Gemfile', 'ruby'],
    ['bin/tool', 'ask'],
    ['notes.txt', undefined],
    ['data.json', undefined],
    ['.env', undefined],
    ['.bashrc', 'bash'],
  ])('%s is %s', (path, language) => {
    expect(nameOf(path)).toBe(language);
  });
});

describe('languageOfScript', () => {
  it.each([
    ['#!/bin/sh\n', 'bash'],
    ['#!/usr/bin/env python3.12\n', 'python'],
    ['#!/usr/bin/env -S node --import x\n', 'javascript'],
    ['#! /usr/bin/env VAR=1 ruby -w\n', 'ruby'],
    ['#!/opt/unknown\n', undefined],
    ['no mark\n', undefined],
    ['#!\n', undefined],
  ])('%j is %s', (text, language) => {
    expect(languageOfScript(text)?.name).toBe(language);
  });
});

describe('looksLikeCpp', () => {
  it.each([
    ['class Shape {\n public:\n};\n', true],
    ['#include <vector>\n', true],
    ['namespace a {\n}\n', true],
    ['struct point { int x; };\nint area(struct point *p);\n', false],
    ['#ifdef __cplusplus\nextern "C" {\nnamespace x {}\n#endif\nint f(void);\n', false],
    ['/* class Shape {\n public: */\nint f(void);\n', false],
  ])('%j: %s', (text, expected) => {
    expect(looksLikeCpp(text)).toBe(expected);
  });
});

describe('findByRegex', () => {
  const find = (language: string, text: string) =>
    findByRegex(text.split('\n'), regexLanguages.find(({ name }) => name === language)?.patterns ?? []).map(
      ({ kind, name, lineStart, lineEnd }) => `${kind} ${name} ${lineStart}-${lineEnd}`,
    );

  it('ends a definition where the indentation does', () => {
    const text = 'package Shop;\n\nsub total {\n  my $sum = 0;\n  return $sum;\n}\n\nsub tax { 1 }\n';
    expect(find('perl', text)).toEqual(['module Shop 1-1', 'function total 3-6', 'function tax 8-8']);
  });

  it('knows Haskell signatures, SQL tables, Terraform blocks and make targets', () => {
    expect(find('haskell', 'module A.B where\ndata Tree a = Leaf\nsize :: Tree a -> Int\n')).toEqual([
      'module A.B 1-1',
      'type Tree 2-2',
      'function size 3-3',
    ]);
    expect(find('sql', 'create table if not exists users (\n  id int\n);\n')).toEqual(['type users 1-3']);
    expect(find('terraform', 'resource "aws_s3_bucket" "logs" {\n  bucket = "x"\n}\n')).toEqual(['type logs 1-3']);
    expect(find('make', 'CC := gcc\nall: build\n\tgcc a.c\n')).toEqual(['rule all 2-3']);
  });
});
