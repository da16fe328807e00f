import type { Command } from 'commander';
import { NexError } from '../../errors.ts';
import { findAssets } from '../assets.ts';
import { type CliContext, print } from '../context.ts';
import { listed } from '../flags/table.ts';
import { type Guide, readGuides } from '../guides.ts';
import { nearestWord } from '../nearest-word.ts';
import { printMarkdown } from '../print-markdown.ts';

/** `nex help [TOPIC]`: a command's help or a guide; without a topic, all there is. */
export async function helpCommand(
  context: CliContext,
  program: Command,
  topic: string | undefined,
  flags: { plain?: boolean },
): Promise<number> {
  const guides = readGuides(findAssets().guidesDir);
  if (topic === undefined) {
    program.outputHelp();
    print(context, `\nGuides, shown by \`nex help TOPIC\`:\n${guides.map(lineOf).join('\n')}`);
    return 0;
  }
  const guide = guides.find((candidate) => candidate.topic === topic);
  const command = listed(program).find((candidate) => candidate.name() === topic);
  if (guide) await printMarkdown(context, guide.text, flags);
  if (guide && command) print(context, '');
  if (command) command.outputHelp();
  if (!guide && !command) {
    const known = [...guides.map((candidate) => candidate.topic), ...listed(program).map((other) => other.name())];
    const near = nearestWord(topic, known);
    throw new NexError('usage', `There is no help on "${topic}".`, {
      hint: `${near === undefined ? '' : `Did you mean ${near}? `}Guides: ${guides.map((other) => other.topic).join(', ')}. Commands: \`nex --help\`.`,
    });
  }
  return 0;
}

const TOPIC_WIDTH = 17;

function lineOf({ topic, about }: Guide): string {
  const room = 80 - TOPIC_WIDTH - 2;
  const whole = about.length <= room ? about : `${about.slice(0, about.lastIndexOf(' ', room - 2))} …`;
  return `  ${topic.padEnd(TOPIC_WIDTH)}${whole}`;
}
