/**
 * docs/cli.md holds the help of each command. Refresh it with `npx vitest run test/cli-docs.test.ts -u`.
 */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.ts';

const FILE = join(resolve(import.meta.dirname, '..'), 'docs/cli.md');

/** What `--help` prints, at a fixed width, without the end of the process. */
function helpOf(name: string): string {
  const program = createProgram(() => {});
  const command = program.commands.find((c) => c.name() === name)!;
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 120 });
  command.outputHelp();
  return text.trimEnd();
}

describe('docs/cli.md', () => {
  it('holds the help of each command', async () => {
    const commands = createProgram(() => {}).commands.map((command) => command.name());
    expect(commands).toContain('trend');
    const parts = commands.map((name) => `## mine-rs ${name}\n\n\`\`\`\n${helpOf(name)}\n\`\`\`\n`);
    const head = '# Commands\n\nWhat `mine-rs COMMAND --help` prints. A test keeps this page equal to the program.\n';
    await expect([head, ...parts].join('\n')).toMatchFileSnapshot(FILE);
  });
});
