import type { ModelPiece } from './model.ts';

type Listen = (piece: ModelPiece) => void;

/** A listener for several attempts at one answer, of which each part is heard once. */
export interface Retelling {
  readonly listen: Listen;
  /** The attempt failed; the next one begins from the start. */
  again(): void;
  /** The attempt was the last. */
  done(): void;
}

/**
 * While a new attempt says what was said before, it is not passed on. As soon as it says something else, a
 * notice tells that the answer starts again, and all of the new attempt is passed on from its beginning.
 */
export function retelling(tell: Listen): Retelling {
  let said: ModelPiece[] = [];
  /** What this attempt repeated so far; undefined once it has gone beyond what was said. */
  let repeated: ModelPiece[] | undefined;

  const goOn = (piece: ModelPiece) => {
    append(said, piece);
    tell(piece);
  };
  const startAgain = (pieces: readonly ModelPiece[]) => {
    repeated = undefined;
    said = [];
    tell({ type: 'notice', text: 'The answer was cut off; it starts again.' });
    pieces.forEach(goOn);
  };

  return {
    listen(piece) {
      if (piece.type === 'retry' || piece.type === 'notice') return tell(piece);
      if (!repeated) return goOn(piece);
      append(repeated, piece);
      const beyond = beyondOf(said, repeated);
      if (beyond === undefined) return startAgain(repeated);
      if (beyond.length === 0) return;
      repeated = undefined;
      beyond.forEach(goOn);
    },
    again() {
      repeated = said.length === 0 ? undefined : [];
    },
    done() {
      // It ended before it had said all that was said before.
      if (repeated && JSON.stringify(repeated) !== JSON.stringify(said)) startAgain(repeated);
    },
  };
}

/** Streamed pieces of one block grow together, so that it does not matter where the stream was split. */
function append(pieces: ModelPiece[], piece: ModelPiece): void {
  const last = pieces.at(-1);
  if (last && isDelta(last) && isDelta(piece) && last.type === piece.type) last.text += piece.text;
  else pieces.push({ ...piece });
}

/** What `now` says beyond `before`: nothing while it repeats, undefined when it says something else. */
function beyondOf(before: readonly ModelPiece[], now: readonly ModelPiece[]): ModelPiece[] | undefined {
  for (const [index, piece] of now.entries()) {
    const old = before[index];
    if (!old) return now.slice(index);
    if (JSON.stringify(old) === JSON.stringify(piece)) continue;
    if (!isDelta(old) || !isDelta(piece) || old.type !== piece.type) return undefined;
    if (index === now.length - 1 && old.text.startsWith(piece.text)) return [];
    if (index < before.length - 1 || !piece.text.startsWith(old.text)) return undefined;
    return [{ ...piece, text: piece.text.slice(old.text.length) }, ...now.slice(index + 1)];
  }
  return [];
}

function isDelta(piece: ModelPiece): piece is Extract<ModelPiece, { type: 'text' | 'thinking' }> {
  return piece.type === 'text' || piece.type === 'thinking';
}
