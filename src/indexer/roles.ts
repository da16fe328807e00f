/**
 * What a file is for, by its path. Tests, and files that only accompany the program, are rarely where a change
 * begins.
 */
export const ROLES = ['source', 'test', 'aside'] as const;
export type Role = (typeof ROLES)[number];

const TEST_FOLDER =
  /(?:^|\/)(?:tests?|testing|specs?|__tests__|testdata|test-data|fixtures?|__fixtures__|testsuites?|e2e|playgrounds?|bench(?:es|marks?)?|mocks?|__mocks__|__snapshots__|tests?[-_][\w-]+|[\w-]+[-_]tests?)\//i;
const TEST_FILE =
  /(?:^|\/)(?:test_[^/]*|conftest)\.py$|_tests?\.(?:go|py|rb|cc|cpp|cxx|c|rs|exs?|dart|lua|php|zig)$|_spec\.(?:rb|lua|js|ts)$|[.-](?:test|spec|test-d|bench|e2e|cy|stories)\.[cm]?[jt]sx?$|(?:Test|Tests|TestCase|IT|Spec|Specs|Benchmarks?)\.(?:java|kt|kts|cs|php|scala|swift|groovy)$|(?:^|\/)(?:tests?|spec)\.(?:rs|py|js|ts|c|cpp)$/;
const TEST_PLACE =
  /(?:^|\/)src\/(?:test|jmh|testFixtures|androidTest|commonTest)\/|(?:^|\/)[\w.-]*\.?(?:Tests?|Specs|Benchmarks|UnitTests|IntegrationTests)\//;
const ASIDE =
  /(?:^|\/)(?:docs?|documentation|examples?|samples?|demos?|tutorials?|website|vendor|vendored|third[_-]?party|node_modules|external|deps|dist|build|out|scripts?|tools?\/scripts|\.github|\.circleci|contrib|snippets|changelog_unreleased|migrations|generated|__generated__|locales?)\//i;

export function roleOf(path: string): Role {
  if (TEST_FILE.test(path) || TEST_FOLDER.test(path) || TEST_PLACE.test(path)) return 'test';
  return ASIDE.test(path) ? 'aside' : 'source';
}
