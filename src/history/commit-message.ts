/** Who did what, for the trailers that find a session's commits again. */
interface MessageParts {
  subject: string;
  body?: string | undefined;
  session: string;
  task: string;
  coAuthor?: string | undefined;
}

/** The message of a task's commit. */
export function commitMessage({ subject, body, session, task, coAuthor }: MessageParts): string {
  const trailers = [
    `Nex-Session: ${oneLine(session)}`,
    `Nex-Task: ${oneLine(task).slice(0, 200).trim()}`,
    ...(coAuthor === undefined ? [] : [`Co-authored-by: ${oneLine(coAuthor)}`]),
  ];
  return [oneLine(subject) || 'chore: changes by nex', clean(body ?? ''), trailers.join('\n')]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

/** Text that fits one line of a message: nothing in it can start a trailer of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

function clean(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '').trim();
}
