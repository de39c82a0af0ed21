/* Environments: declaring and finding names. */
#include "cel/env.h"

#include "cel/program.h"

static const struct {
    const char *name;
    const char *type;
} type_names[] = {
    {"bool", "bool"},
    {"int", "int"},
    {"uint", "uint"},
    {"double", "double"},
    {"string", "string"},
    {"bytes", "bytes"},
    {"list", "list(dyn)"},
    {"map", "map(dyn, dyn)"},
    {"null_type", "null"},
    {"type", "type"},
    {"optional_type", "optional_type(dyn)"},
    {"google.protobuf.Timestamp", "timestamp"},
    {"google.protobuf.Duration", "duration"},
};

static struct kb_cel_decl *declare(struct kb_cel_env *env, struct kb_str name,
                                   const struct kb_cel_type *type, enum kb_cel_ref_kind ref)
{
    struct kb_cel_decl *decl = KB_NEW(&env->arena, struct kb_cel_decl);
    decl->name = kb_arena_copy(&env->arena, name);
    decl->type = type;
    decl->ref = ref;
    kb_map_set(&env->decls, decl->name, decl);
    return decl;
}

static void declare_type_name(struct kb_cel_env *env, struct kb_str name,
                              const struct kb_cel_type *type)
{
    if (kb_map_get(&env->decls, name) != NULL) {
        return;
    }
    const struct kb_cel_type *of =
        kb_cel_type_get(&env->types, KB_CEL_T_TYPE, KB_STR(""), type, NULL);
    struct kb_cel_decl *decl = declare(env, name, of, KB_REF_TYPE);
    decl->value = (struct kb_cel_val){.kind = KB_CEL_TYPE, .s = decl->name};
}

static uint32_t kinds_of(const struct kb_cel_type *type)
{
    static const uint8_t kinds[] = {
        [KB_CEL_T_NULL] = KB_CEL_NULL,         [KB_CEL_T_BOOL] = KB_CEL_BOOL,
        [KB_CEL_T_INT] = KB_CEL_INT,           [KB_CEL_T_UINT] = KB_CEL_UINT,
        [KB_CEL_T_DOUBLE] = KB_CEL_DOUBLE,     [KB_CEL_T_STRING] = KB_CEL_STRING,
        [KB_CEL_T_BYTES] = KB_CEL_BYTES,       [KB_CEL_T_TIMESTAMP] = KB_CEL_TIMESTAMP,
        [KB_CEL_T_DURATION] = KB_CEL_DURATION, [KB_CEL_T_LIST] = KB_CEL_LIST,
        [KB_CEL_T_MAP] = KB_CEL_MAP,           [KB_CEL_T_TYPE] = KB_CEL_TYPE,
        [KB_CEL_T_OPTIONAL] = KB_CEL_OPTIONAL, [KB_CEL_T_OBJECT] = KB_CEL_OBJECT,
    };
    if (type->kind == KB_CEL_T_DYN || type->kind == KB_CEL_T_PARAM ||
        type->kind == KB_CEL_T_ERROR) {
        return UINT32_MAX;
    }
    return UINT32_C(1) << kinds[type->kind];
}

bool kb_cel_fits(const struct kb_cel_fit *fit, const struct kb_cel_val *v)
{
    if ((fit->kinds >> v->kind & 1) == 0) {
        return false;
    }
    return fit->object.n == 0 || v->kind != KB_CEL_OBJECT ||
           kb_str_eq_c(fit->object, v->obj->type->name);
}

static void declare_object_names(struct kb_cel_env *env, const struct kb_cel_type *type)
{
    if (type == NULL) {
        return;
    }
    if (type->kind == KB_CEL_T_OBJECT) {
        declare_type_name(env, type->name, type);
    }
    declare_object_names(env, type->param[0]);
    declare_object_names(env, type->param[1]);
}

static void add_overload(struct kb_cel_env *env, const struct kb_cel_func *func)
{
    struct kb_cel_overload *overload = KB_NEW(&env->arena, struct kb_cel_overload);
    overload->func = func;
    if (!kb_cel_signature_parse(&env->types, kb_str_c(func->signature), &overload->sig)) {
        return; /* a row that cannot be read is not a function; a unit test reads all rows */
    }
    struct kb_cel_fit *fits = KB_NEW_ARRAY(&env->arena, overload->sig.n, struct kb_cel_fit);
    overload->generic = overload->sig.result->open;
    for (size_t i = 0; i < overload->sig.n; i++) {
        const struct kb_cel_type *type = overload->sig.args[i];
        fits[i].kinds = kinds_of(type);
        fits[i].object = type->kind == KB_CEL_T_OBJECT ? type->name : KB_STR("");
        overload->generic = overload->generic || type->open;
        declare_object_names(env, type);
    }
    declare_object_names(env, overload->sig.result);
    overload->fits = fits;
    struct kb_str name = kb_str_c(func->name);
    struct kb_cel_function *function = kb_map_get(&env->functions, name);
    if (function == NULL) {
        function = KB_NEW(&env->arena, struct kb_cel_function);
        kb_map_set(&env->functions, name, function);
    }
    function->at =
        kb_vec_grow((void *)function->at, &function->cap, function->n + 1, sizeof *function->at);
    function->at[function->n++] = overload;
}

static bool wanted(const char *const *names, const char *name)
{
    if (names == NULL) {
        return true;
    }
    for (; *names != NULL; names++) {
        if (strcmp(*names, name) == 0) {
            return true;
        }
    }
    return false;
}

struct kb_cel_env *kb_cel_env_new(const struct kb_cel_env_options *options)
{
    static const char *const always[] = {"standard", "convert", "matches", "time", NULL};
    struct kb_cel_env *env = kb_alloc(sizeof *env);
    env->flags = options->flags;
    env->flags |= wanted(options->libraries, "bindings") ? 0 : KB_CEL_NO_BIND;
    env->flags |= wanted(options->libraries, "math") ? 0 : KB_CEL_NO_MATH;
    if (options->container.n > 0) {
        env->container = kb_arena_copy(&env->arena, options->container);
    }
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++) {
        declare_type_name(env, kb_str_c(type_names[i].name),
                          kb_cel_type_parse(&env->types, kb_str_c(type_names[i].type)));
    }
    for (size_t i = 0; i < kb_cel_library_count; i++) {
        const struct kb_cel_library *library = kb_cel_libraries[i];
        if (!wanted(options->libraries, library->name) && !wanted(always, library->name)) {
            continue;
        }
        for (size_t f = 0; f < library->n; f++) {
            add_overload(env, &library->funcs[f]);
        }
    }
    return env;
}

void kb_cel_env_free(struct kb_cel_env *env)
{
    if (env == NULL) {
        return;
    }
    for (size_t i = 0; i < env->programs.n; i++) {
        kb_cel_program_free(env->programs.at[i]);
    }
    for (size_t i = 0; i < env->functions.n; i++) {
        struct kb_cel_function *function = env->functions.entries[i].value.ptr;
        kb_free((void *)function->at);
    }
    KB_VEC_DONE(&env->programs);
    KB_VEC_DONE(&env->vars);
    KB_VEC_DONE(&env->consts);
    kb_map_done(&env->decls);
    kb_map_done(&env->functions);
    kb_cel_types_done(&env->types);
    kb_arena_done(&env->arena);
    kb_free(env);
}

const struct kb_cel_type *kb_cel_env_type(struct kb_cel_env *env, struct kb_str text)
{
    return kb_cel_type_parse(&env->types, text);
}

unsigned kb_cel_env_var(struct kb_cel_env *env, struct kb_str name, const struct kb_cel_type *type,
                        bool optional)
{
    struct kb_cel_decl *decl = declare(env, name, type, KB_REF_VAR);
    decl->optional = optional;
    decl->index = (uint32_t)env->vars.n;
    *KB_VEC_PUSH(&env->vars) = decl;
    return decl->index;
}

void kb_cel_env_const(struct kb_cel_env *env, struct kb_str name, const struct kb_cel_type *type,
                      const struct kb_cel_val *value)
{
    struct kb_cel_decl *decl = declare(env, name, type, KB_REF_CONST);
    decl->value = kb_cel_copy(&env->arena, value);
    decl->index = (uint32_t)env->consts.n;
    *KB_VEC_PUSH(&env->consts) = decl;
}

void kb_cel_env_forget(struct kb_cel_env *env, struct kb_str prefix)
{
    for (size_t i = 0; i < env->decls.n; i++) {
        if (kb_str_starts(env->decls.entries[i].key, prefix)) {
            env->decls.entries[i].value.ptr = NULL;
        }
    }
}

static struct kb_cel_val copy_list(struct kb_arena *arena, const struct kb_cel_list *list)
{
    struct kb_cel_list *to = KB_NEW(arena, struct kb_cel_list);
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, list->n, struct kb_cel_val);
    for (size_t i = 0; i < list->n; i++) {
        items[i] = kb_cel_copy(arena, &list->items[i]);
    }
    *to = (struct kb_cel_list){items, list->n};
    return kb_cel_list(to);
}

static struct kb_cel_val copy_map(struct kb_arena *arena, const struct kb_cel_map *map)
{
    struct kb_cel_map *to = KB_NEW(arena, struct kb_cel_map);
    struct kb_cel_map_entry *entries = KB_NEW_ARRAY(arena, map->n, struct kb_cel_map_entry);
    for (size_t i = 0; i < map->n; i++) {
        entries[i].key = kb_cel_copy(arena, &map->entries[i].key);
        entries[i].value = kb_cel_copy(arena, &map->entries[i].value);
    }
    *to = (struct kb_cel_map){entries, map->n};
    return kb_cel_map(to);
}

struct kb_cel_val kb_cel_copy(struct kb_arena *arena, const struct kb_cel_val *v)
{
    struct kb_cel_val out = *v;
    if (v->kind == KB_CEL_STRING || v->kind == KB_CEL_BYTES || v->kind == KB_CEL_TYPE ||
        v->kind == KB_CEL_ERROR) {
        out.s = kb_arena_copy(arena, v->s);
    } else if (v->kind == KB_CEL_LIST) {
        out = copy_list(arena, v->list);
    } else if (v->kind == KB_CEL_MAP) {
        out = copy_map(arena, v->map);
    } else if (v->kind == KB_CEL_OPTIONAL && v->opt != NULL) {
        struct kb_cel_val *to = KB_NEW(arena, struct kb_cel_val);
        *to = kb_cel_copy(arena, v->opt);
        out.opt = to;
    }
    return out;
}

const struct kb_cel_function *kb_cel_env_function(const struct kb_cel_env *env, struct kb_str name)
{
    return kb_map_get(&env->functions, name);
}

/* Calls `find` for the candidates of a name until one is found. */
static void *walk_container(const struct kb_map *map, struct kb_str container, struct kb_str name,
                            struct kb_str *full_name)
{
    char buf[512];
    struct kb_str space = container;
    while (space.n > 0 && space.n + 1 + name.n <= sizeof buf) {
        memcpy(buf, space.p, space.n);
        buf[space.n] = '.';
        memcpy(buf + space.n + 1, name.p, name.n);
        struct kb_map_entry *entry = kb_map_find(map, (struct kb_str){buf, space.n + 1 + name.n});
        if (entry != NULL && entry->value.ptr != NULL) {
            *full_name = entry->key;
            return entry->value.ptr;
        }
        while (space.n > 0 && space.p[space.n - 1] != '.') {
            space.n--;
        }
        space.n -= space.n > 0;
    }
    struct kb_map_entry *entry = kb_map_find(map, name);
    *full_name = entry == NULL ? name : entry->key;
    return entry == NULL ? NULL : entry->value.ptr;
}

const struct kb_cel_decl *kb_cel_env_lookup(const struct kb_cel_env *env, struct kb_str name,
                                            bool absolute)
{
    struct kb_str full;
    return walk_container(&env->decls, absolute ? KB_STR("") : env->container, name, &full);
}

const struct kb_cel_function *kb_cel_env_lookup_function(const struct kb_cel_env *env,
                                                         struct kb_str name, bool absolute,
                                                         struct kb_str *full_name)
{
    return walk_container(&env->functions, absolute ? KB_STR("") : env->container, name, full_name);
}

struct kb_str kb_cel_env_similar(const struct kb_cel_env *env, struct kb_str name, bool function)
{
    const struct kb_map *map = function ? &env->functions : &env->decls;
    struct kb_str best = {"", 0};
    unsigned least = name.n < 4 ? 2 : 3; /* more edits than that are another word */
    for (size_t i = 0; i < map->n; i++) {
        struct kb_str key = map->entries[i].key;
        unsigned distance = kb_str_distance(name, key);
        if (distance < least && map->entries[i].value.ptr != NULL && key.p[0] != '_' && key.p[0] != '@') {
            least = distance;
            best = key;
        }
    }
    return best;
}
