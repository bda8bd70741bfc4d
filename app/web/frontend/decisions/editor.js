// The editor of decision tables, made of those parts of dmn-js that our tables need: no diagram of requirements, no dates, no
// FEEL, and of the hit policies those the engine knows.

import Viewer from "dmn-js-decision-table/lib/Viewer";
import addRuleModule from "dmn-js-decision-table/lib/features/add-rule";
import annotationsEditorModule from "dmn-js-decision-table/lib/features/annotations/editor";
import cellSelectionModule from "dmn-js-decision-table/lib/features/cell-selection";
import columnResizeModule from "dmn-js-decision-table/lib/features/column-resize";
import decisionContextMenuModule from "dmn-js-decision-table/lib/features/context-menu";
import copyCutPasteModule from "dmn-js-decision-table/lib/features/copy-cut-paste";
import copyCutPasteKeysModule from "dmn-js-decision-table/lib/features/copy-cut-paste/key-bindings";
import createInputsModule from "dmn-js-decision-table/lib/features/create-inputs";
import decisionRulesEditorModule from "dmn-js-decision-table/lib/features/decision-rules/editor";
import headEditorModule from "dmn-js-decision-table/lib/features/decision-table-head/editor";
import propertiesEditorModule from "dmn-js-decision-table/lib/features/decision-table-properties/editor";
import dragAndDropModule from "dmn-js-decision-table/lib/features/drag-and-drop";
import decisionEditorActionsModule from "dmn-js-decision-table/lib/features/editor-actions";
import { HIT_POLICIES } from "dmn-js-decision-table/lib/features/hit-policy/HitPolicies";
import hitPolicyEditorModule from "dmn-js-decision-table/lib/features/hit-policy/editor";
import keyboardModule from "dmn-js-decision-table/lib/features/keyboard";
import modelingModule from "dmn-js-decision-table/lib/features/modeling";
import viewDrdModule from "dmn-js-decision-table/lib/features/view-drd";
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import expressionLanguagesModule from "dmn-js-shared/lib/features/expression-languages";
import { is } from "dmn-js-shared/lib/util/ModelUtil";
import contextMenuModule from "table-js/lib/features/context-menu";
import editorActionsModule from "table-js/lib/features/editor-actions";
import interactionEventsModule from "table-js/lib/features/interaction-events";
import selectionModule from "table-js/lib/features/selection";
import { say } from "../modeler/words.js";

const OUR_LANGUAGE = "rasim";

/** What the parts of dmn-js read of their options. */
const SETTINGS = {
  dataTypes: ["string", "number", "boolean"],
  expressionLanguages: { options: [{ value: OUR_LANGUAGE, label: "Rasim" }], defaults: { editor: OUR_LANGUAGE } },
};

const translateModule = { translate: ["value", (text, values) => (text ? say(text, values) : "")] };

class TableEditor extends Viewer {
  getModules() {
    return [
      ...Viewer._getModules().filter((each) => each !== viewDrdModule),
      addRuleModule,
      annotationsEditorModule,
      cellSelectionModule,
      columnResizeModule,
      contextMenuModule,
      copyCutPasteModule,
      copyCutPasteKeysModule,
      createInputsModule,
      decisionContextMenuModule,
      decisionEditorActionsModule,
      decisionRulesEditorModule,
      dragAndDropModule,
      editorActionsModule,
      expressionLanguagesModule,
      headEditorModule,
      hitPolicyEditorModule,
      interactionEventsModule,
      keyboardModule,
      modelingModule,
      propertiesEditorModule,
      selectionModule,
      translateModule,
    ];
  }
}

/** Opens the tables of one file, one at a time. `policies` are the names of the hit policies the engine knows. */
export default class Tables extends EditingManager {
  constructor(container, policies) {
    super({ container, common: SETTINGS });
    this.policies = new Set(policies);
    this.on("import.parse.complete", ({ definitions }) => definitions && this.prepare(definitions));
  }

  _getViewProviders() {
    const opens = (element) => is(element, "dmn:Decision") && is(element.decisionLogic, "dmn:DecisionTable");
    return [{ id: "decisionTable", constructor: TableEditor, opens }];
  }

  /** Gives an id to every part that lacks one, by which the editor knows it, and leaves the hit policies that may be chosen:
   * the known ones, and what the file says, which the checks speak of. */
  prepare(definitions) {
    const tables = (definitions.drgElement ?? []).map((each) => each.decisionLogic).filter((each) => is(each, "dmn:DecisionTable"));
    for (const part of tables.flatMap(partsOf)) part.id ??= this._moddle.ids.nextPrefixed("part_", part);
    const said = tables.map(({ hitPolicy, aggregation }) => `${hitPolicy} ${aggregation ?? ""}`);
    const offered = HIT_POLICIES.filter(({ value: { hitPolicy, aggregation } }) =>
      aggregation ? said.includes(`${hitPolicy} ${aggregation}`) : this.policies.has(hitPolicy) || said.includes(`${hitPolicy} `),
    );
    HIT_POLICIES.splice(0, HIT_POLICIES.length, ...offered);
  }
}

function partsOf(table) {
  const inputs = table.input ?? [];
  const rules = table.rule ?? [];
  const entries = rules.flatMap((rule) => [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])]);
  const asked = inputs.map((each) => each.inputExpression).filter(Boolean);
  return [table, ...inputs, ...asked, ...(table.output ?? []), ...rules, ...entries];
}
