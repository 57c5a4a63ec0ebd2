/**
 * Programs: what each command does with its arguments, and the help it gives.
 *
 * A program is loaded when it is wanted: who asks for a storm does not wait for the catalogue or the layout engine.
 */
import type { Result } from '../core/result.ts';
import { ok } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { bundledNames } from '../scenarios/bundled-files.ts';
import type { StartSearches } from '../scenarios/races/race-run.ts';
import type { ArgumentsOf, CommandName } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { optimiseLater } from './patient-compiler.ts';
import type { Environment } from './storm-command.ts';

export type Program<Arguments> = {
  help(environment: Pick<Environment, 'known'>): Promise<string>;
  run(told: Arguments, environment: Environment): Promise<Result<ExitCode, BadInput>>;
};

export const PROGRAMS: { readonly [Name in CommandName]: Program<ArgumentsOf<Name>> } = {
  storm: {
    help: async ({ known }) => {
      const { stormHelp } = await import('./help.ts');
      const profiles = await bundledNames('profile');
      const recordings = await bundledNames('recording');
      return stormHelp(profiles, recordings, known.drivers);
    },
    run: async (told, environment) => {
      const { prepareStorm, stormCommand } = await import('./storm-command.ts');
      const { driverByPath } = await import('./named-modules.ts');
      const own = await driverByPath(told.overrides.driver);
      if (!own.ok) return own;
      const plan = await prepareStorm(told, environment, own.value);
      return plan.ok ? ok(await stormCommand(told, plan.value, environment, own.value)) : plan;
    },
  },
  explore: {
    help: async ({ known }) => {
      const { exploreHelp } = await import('./explore-help.ts');
      return exploreHelp(await exploreScenarios(), known.drivers);
    },
    run: async (told, environment) => {
      optimiseLater();
      const command = await import('./explore-command.ts');
      const scenarios = await exploreScenarios();
      if (told.scenario === undefined) {
        environment.stdout.write(command.scenarioList(scenarios));
        return ok(EXIT.fine);
      }
      const { namedModules } = await import('./named-modules.ts');
      const typed = { scenario: told.scenario, driver: told.driver, from: [] };
      const named = await namedModules(typed, scenarios, environment.known);
      if (!named.ok) return named;
      const plan = command.prepareExplore(told, named.value, environment);
      return plan.ok
        ? ok(await command.exploreCommand(plan.value, told.repeat, environment))
        : plan;
    },
  },
  races: {
    help: async () => (await import('./races-help.ts')).racesHelp(),
    run: async (told, environment) => {
      optimiseLater();
      const command = await import('./races-command.ts');
      const lent = { ...environment, ...(await raceLoans()) };
      if (told.action === 'list') return ok(await command.racesListCommand(told.json, lent));
      const named = command.namedRaces(told.ids, lent.races);
      return named.ok ? ok(await command.racesRunCommand(told, named.value, lent)) : named;
    },
  },
  quirks: {
    help: async () => (await import('./quirks-arguments.ts')).QUIRKS_HELP,
    run: async (told, { stdout }) =>
      ok((await import('./quirks-command.ts')).quirksCommand(told, stdout)),
  },
  replay: {
    help: async () => (await import('./replay-arguments.ts')).REPLAY_HELP,
    run: async (told, environment) => {
      optimiseLater();
      const { prepareReplay } = await import('./replay-plan.ts');
      const { replayCommand } = await import('./replay-command.ts');
      const { namedModules } = await import('./named-modules.ts');
      const typed = { scenario: undefined, driver: undefined, from: told.from };
      const named = await namedModules(typed, await exploreScenarios(), environment.known);
      if (!named.ok) return named;
      const plan = await prepareReplay(told, named.value.known, named.value.scenarios);
      return plan.ok ? replayCommand(plan.value, environment) : plan;
    },
  },
  orders: {
    help: async () => (await import('./orders-arguments.ts')).ORDERS_HELP,
    run: async (told, environment) => {
      optimiseLater();
      const { ordersCommand, prepareOrders } = await import('./orders-command.ts');
      const { onThreads } = await import('../scenarios/orders/order-threads.ts');
      const cores = (await import('node:os')).availableParallelism();
      const lent = { ...environment, hosts: onThreads(told.workers ?? cores) };
      if (told.all) {
        const { allOrdersCommand } = await import('./orders-all-command.ts');
        return allOrdersCommand(told, environment.known, lent);
      }
      const { driverByPath } = await import('./named-modules.ts');
      const own = await driverByPath(told.driver, '');
      if (!own.ok) return own;
      const question = prepareOrders(told, own.value);
      return question.ok ? ordersCommand(told, question.value, lent) : question;
    },
  },
  conform: {
    help: async () => (await import('./help.ts')).conformHelp(),
    run: async (told, environment) => {
      const { conformCommand } = await import('./conform-command.ts');
      return ok(await conformCommand(told, environment));
    },
  },
  validate: {
    help: async () => (await import('./validate-arguments.ts')).VALIDATE_HELP,
    run: async (told, environment) => {
      optimiseLater();
      const { validateCommand } = await import('./validate-command.ts');
      const { driverByPath } = await import('./named-modules.ts');
      const own = await driverByPath(told.driver);
      return own.ok ? validateCommand(told, environment, own.value) : own;
    },
  },
  import: {
    help: async () => (await import('./import-help.ts')).importHelp(),
    run: async (told, environment) =>
      (await import('./import-command.ts')).importCommand(told, environment),
  },
  charts: {
    help: async () => (await import('./charts-arguments.ts')).CHARTS_HELP,
    run: async (told, environment) => {
      const { chartsCommand } = await import('./charts-command.ts');
      return chartsCommand(told, { ...environment, scenarios: exploreScenarios });
    },
  },
  ui: {
    help: async () => (await import('./ui-arguments.ts')).UI_HELP,
    run: async (told, environment) => {
      const { uiCommand } = await import('./ui-command.ts');
      const lent = { ...environment, ...(await raceLoans()) };
      if (told.trace === undefined) return uiCommand(told, undefined, lent);
      const { prepareReplay } = await import('./replay-plan.ts');
      const { REPLAY_DEFAULTS } = await import('./replay-arguments.ts');
      const { namedModules } = await import('./named-modules.ts');
      const typed = { scenario: undefined, driver: undefined, from: told.from };
      const named = await namedModules(typed, await exploreScenarios(), environment.known);
      if (!named.ok) return named;
      const options = { ...REPLAY_DEFAULTS, file: told.trace, tolerant: true };
      const replay = await prepareReplay(options, named.value.known, named.value.scenarios);
      return replay.ok ? uiCommand(told, replay.value, lent) : replay;
    },
  },
  campaign: {
    help: async () =>
      (await import('./campaign-help.ts')).campaignHelp(await bundledNames('campaign')),
    run: async (told, environment) => {
      const { campaignCommand, prepareCampaign } = await import('./campaign-command.ts');
      const { engineFor } = await import('./campaign-engines.ts');
      const { known } = environment;
      const { driversBeside } = await import('./named-modules.ts');
      const load = driversBeside(told.from);
      const names = { ...known, scenarios: await exploreScenarios(), load };
      const lent = { ...environment, names, engineFor };
      const prepared = await prepareCampaign(told, lent);
      return prepared.ok ? campaignCommand(told, prepared.value, lent) : prepared;
    },
  },
  init: {
    help: async () => (await import('./init-arguments.ts')).INIT_HELP,
    run: async (told, { stdout }) => (await import('./init-command.ts')).initCommand(told, stdout),
  },
  worker: {
    help: async () => (await import('./campaign-help.ts')).workerHelp(),
    run: async (told, environment) =>
      (await import('./worker-command.ts')).workerCommand(told, environment),
  },
  completion: {
    help: async () => (await import('./completion-arguments.ts')).COMPLETION_HELP,
    run: async ({ shell }, environment) => {
      const { completionFor } = await import('./completion/completion-script.ts');
      const helpOf = (name: CommandName) => PROGRAMS[name].help(environment);
      environment.stdout.write(await completionFor(shell, environment, helpOf));
      return ok(EXIT.fine);
    },
  },
};

/** The catalogue, and who searches it; one search at a time needs no thread of its own. */
async function raceLoans() {
  const { RACES } = await import('../scenarios/races/catalogue.ts');
  const cores = (await import('node:os')).availableParallelism();
  const startSearches: StartSearches = async (workers, signal, counted) =>
    workers === 1
      ? (await import('../scenarios/races/race-here.ts')).racesHere(signal, counted)
      : (await import('../scenarios/races/race-threads.ts')).raceThreads(workers, signal, counted);
  return { races: RACES, cores, startSearches };
}

const exploreScenarios = async () =>
  (await import('../scenarios/explore/scenarios.ts')).EXPLORE_SCENARIOS;
