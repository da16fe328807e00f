import { InvalidArgumentError } from 'commander';

/** A flag's whole number from 0. */
export function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It takes a whole number.');
  return value;
}

/** A flag's amount of money, more than nothing. */
export function money(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It takes an amount of US dollars, such as 0.50.');
  return value;
}
