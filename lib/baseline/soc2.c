/* The 61 criteria of SOC 2, and the form of CIS ids. */
#include "baseline/soc2.h"

#include <stddef.h>

#include "baseline/mistakes.h"

#define N KB_SOC2_NONE
#define S KB_SOC2_SUPPORTING
#define T KB_SOC2_STRONG
const struct kb_soc2 kb_soc2[] = {
    {"CC1.1", "integrity and ethical values", N},
    {"CC1.2", "oversight by the board", N},
    {"CC1.3", "structures, authorities and responsibilities", S},
    {"CC1.4", "competent people", N},
    {"CC1.5", "accountability for controls", S},
    {"CC2.1", "relevant information of quality for the controls", S},
    {"CC2.2", "communication inside", N},
    {"CC2.3", "communication with others", S},
    {"CC3.1", "clear objectives", N},
    {"CC3.2", "risks are identified and analysed", S},
    {"CC3.3", "risk of fraud", N},
    {"CC3.4", "significant changes are assessed", S},
    {"CC4.1", "controls are evaluated, continuously or separately", T},
    {"CC4.2", "deficiencies are reported in time", T},
    {"CC5.1", "activities that mitigate risks", S},
    {"CC5.2", "general controls over technology", T},
    {"CC5.3", "policies and procedures are put to work", S},
    {"CC6.1", "logical access to assets is secured", T},
    {"CC6.2", "users are registered and authorised before access, and removed", T},
    {"CC6.3", "access by role, least privilege, segregation of duties", T},
    {"CC6.4", "physical access", N},
    {"CC6.5", "protection ends only when data cannot be recovered", N},
    {"CC6.6", "boundaries are protected against threats from outside", T},
    {"CC6.7", "data is protected in transmission, movement and removal", T},
    {"CC6.8", "unauthorised or malicious software is prevented or detected", T},
    {"CC7.1", "changes of configuration that open weaknesses are detected", T},
    {"CC7.2", "components are monitored for anomalies", T},
    {"CC7.3", "security events are evaluated", S},
    {"CC7.4", "incidents are responded to", S},
    {"CC7.5", "incidents are recovered from", T},
    {"CC8.1", "changes are authorised, tested and documented", T},
    {"CC9.1", "risks of business disruption are mitigated", S},
    {"CC9.2", "risks of vendors and partners", S},
    {"A1.1", "capacity is monitored and managed", S},
    {"A1.2", "environment protection, backup and recovery infrastructure", T},
    {"A1.3", "the recovery plan is tested", T},
    {"C1.1", "confidential information is identified and kept", T},
    {"C1.2", "confidential information is disposed of", S},
    {"PI1.1", "processing objectives are defined and communicated", N},
    {"PI1.2", "inputs are complete and accurate", N},
    {"PI1.3", "processing follows its specification", N},
    {"PI1.4", "outputs are complete and in time", N},
    {"PI1.5", "stored items are complete, accurate and protected", S},
    {"P1.1", "notice to data subjects", N},
    {"P2.1", "choice and consent", N},
    {"P3.1", "collection as the objectives say", N},
    {"P3.2", "explicit consent", N},
    {"P4.1", "use is limited", N},
    {"P4.2", "retention", S},
    {"P4.3", "disposal", N},
    {"P5.1", "access for data subjects", N},
    {"P5.2", "correction", N},
    {"P6.1", "disclosure with consent", N},
    {"P6.2", "record of authorised disclosures", N},
    {"P6.3", "record of unauthorised disclosures", N},
    {"P6.4", "commitments of third parties", N},
    {"P6.5", "third parties notify of breaches", N},
    {"P6.6", "the affected are notified", N},
    {"P6.7", "data subjects are told what was disclosed", N},
    {"P7.1", "personal data is accurate", N},
    {"P8.1", "complaints are handled", N},
};
const size_t kb_soc2_count = sizeof kb_soc2 / sizeof kb_soc2[0];
_Static_assert(sizeof kb_soc2 / sizeof kb_soc2[0] == 61, "the standard has 61 criteria");

const struct kb_soc2 *kb_soc2_find(struct kb_str id)
{
    for (size_t i = 0; i < kb_soc2_count; i++) {
        if (kb_str_eq_c(id, kb_soc2[i].id)) {
            return &kb_soc2[i];
        }
    }
    return NULL;
}

const char *kb_soc2_suggest(struct kb_str id)
{
    const char *words[sizeof kb_soc2 / sizeof kb_soc2[0] + 1];
    for (size_t i = 0; i < kb_soc2_count; i++) {
        words[i] = kb_soc2[i].id;
    }
    words[kb_soc2_count] = NULL;
    return kb_did_you_mean(id, words);
}

bool kb_cis_id_valid(struct kb_str id)
{
    size_t dots = 0;
    for (size_t i = 0; i < id.n; i++) {
        bool digit = id.p[i] >= '0' && id.p[i] <= '9';
        bool dot = id.p[i] == '.' && i > 0 && i + 1 < id.n && id.p[i - 1] != '.';
        if (!digit && !dot) {
            return false;
        }
        dots += dot;
    }
    return dots > 0;
}
