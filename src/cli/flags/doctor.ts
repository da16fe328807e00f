import type { CommandTable } from './table.ts';

export interface DoctorFlags {
  json?: boolean;
  repair?: boolean;
  bundle?: boolean;
}

export function enterDoctor({ context, add, finish }: CommandTable): void {
  add('doctor', 'check what nex needs, with the mend for each fault', 'nex doctor --repair')
    .option('--repair', "mend what is nex's own")
    .option('--bundle', 'write an archive for a bug report, without secrets')
    .option('--json', 'print it as JSON')
    .action(async (flags: DoctorFlags) => {
      const { doctorCommand } = await import('../commands/doctor.ts');
      finish(await doctorCommand(context, flags));
    });
}
