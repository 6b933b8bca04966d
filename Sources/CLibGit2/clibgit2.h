// libgit2, and its variadic options as functions that Swift can call.
#ifndef CLIBGIT2_H
#define CLIBGIT2_H

#include <git2.h>

/// Whether repositories owned by other users may be opened (`isChecked` 0) or not.
static inline int clibgit2_set_owner_validation(int isChecked) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, isChecked);
}

/// Where configuration files of this level are looked for; "" for nowhere.
static inline int clibgit2_set_search_path(git_config_level_t level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, (int)level, path);
}

/// The file with the certificates of authorities that servers' certificates are checked against.
static inline int clibgit2_set_certificate_authorities(const char *file) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
}

#endif
