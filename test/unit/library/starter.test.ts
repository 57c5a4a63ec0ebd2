/** The starter project's own test, run as it stands. */
import '../../../load/starter/detach.test.ts';
