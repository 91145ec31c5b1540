// The parts of the DSFR's script that the site's components need, from its own unmodified modules: leaving out tooltips,
// injected drawings, ratios and downloads halves nothing visible and saves a fifth of the bytes.
import './reglages.js';
import api from '@gouvfr/dsfr/src/dsfr/core/script/api/api.js';
import { Instance } from '@gouvfr/dsfr/src/dsfr/core/script/api/modules/register/instance.js';
import { KeyCodes } from '@gouvfr/dsfr/src/dsfr/core/script/api/modules/register/key-codes.js';
import { Breakpoints } from '@gouvfr/dsfr/src/dsfr/core/script/api/modules/register/breakpoints.js';
import { RootSelector } from '@gouvfr/dsfr/src/dsfr/core/script/api/modules/stage/root-selector.js';
import { RootEmission } from '@gouvfr/dsfr/src/dsfr/core/script/api/modules/stage/root-emission.js';
import { Disclosure } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosure.js';
import { DisclosureButton } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosure-button.js';
import { DisclosuresGroup } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosures-group.js';
import { DisclosureType } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosure-type.js';
import { DisclosureEvent } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosure-event.js';
import { DisclosureSelector } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosure-selector.js';
import { DisclosureEmission } from '@gouvfr/dsfr/src/dsfr/core/script/disclosure/disclosure-emission.js';
import { CollapseButton } from '@gouvfr/dsfr/src/dsfr/core/script/collapse/collapse-button.js';
import { Collapse } from '@gouvfr/dsfr/src/dsfr/core/script/collapse/collapse.js';
import { CollapsesGroup } from '@gouvfr/dsfr/src/dsfr/core/script/collapse/collapses-group.js';
import { CollapseSelector } from '@gouvfr/dsfr/src/dsfr/core/script/collapse/collapse-selector.js';

api.core = {
  Instance, KeyCodes, Breakpoints, RootSelector, RootEmission, Disclosure, DisclosureButton, DisclosuresGroup, DisclosureType,
  DisclosureEvent, DisclosureSelector, DisclosureEmission, CollapseButton, Collapse, CollapsesGroup, CollapseSelector,
};
api.internals.register(CollapseSelector.COLLAPSE, Collapse);
