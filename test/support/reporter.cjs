// mocha's spec reporter, and one plain line at the end that scripts can read.
const { reporters } = require("mocha");

class SpecWithSummary extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
}
module.exports = SpecWithSummary;
