# Field-plot statistics as R computes them. Needs Debian's r-base-core only:
#   Rscript test/oracle/plots.R > test/oracle/plots.json
# The values are invented; one variable has ties, one pair has gaps, the groups have unequal sizes.

group <- c("slope", "slope", "slope", "slope", "slope", "platform", "platform", "platform", "platform",
           "background", "background", "background", "background", "background", "background")
cover <- c(61, 70.5, 66, 72, 64.5, 77, 71.5, 74, 75.5, 88, 84, 90.5, 85, 86, 82.5)
som <- c(18.2, 21.4, 17.9, 24.8, 19.1, 26.3, 28.8, 25.1, 30.2, 44.7, 39.3, 51.2, 42.6, 47.1, 40.4)
tn <- c(1.1, 1.4, 1.1, 1.5, 1.2, 1.9, 1.8, 1.6, 2.2, 3.1, 2.6, 3.9, 3.1, 3.3, 2.9)
bd <- c(1.31, 1.22, NA, 1.19, 1.33, 1.27, 1.08, 1.15, NA, 0.96, 1.12, 0.91, 1.04, 0.88, 1.18)
fvc <- c(0.58, 0.73, 0.61, 0.69, 0.66, 0.8, 0.7, 0.71, 0.79, 0.84, 0.86, 0.93, 0.81, 0.88, 0.85)
short_x <- c(3.2, 1.1, 5.7, 4.4, 2.9, 6.1, 8.3)
short_y <- c(0.4, 0.6, 1.9, 0.9, 1.2, 1.4, 2.2)

q <- function(x) paste0('"', x, '"')
num <- function(x) ifelse(is.na(x), "null", formatC(x, digits = 15, format = "g"))
arr <- function(x) paste0("[", paste(if (is.character(x)) q(x) else num(x), collapse = ", "), "]")
obj <- function(...) {
  x <- list(...)
  paste0("{ ", paste(q(names(x)), unlist(x), sep = ": ", collapse = ", "), " }")
}
list_of <- function(items) paste0("[\n    ", paste(items, collapse = ",\n    "), "\n  ]")

of_group <- function(x, g) x[group == g]
names_of <- c("slope", "platform", "background")
means <- sapply(names_of, function(g) {
  x <- of_group(cover, g)
  obj(group = q(g), n = num(length(x)), mean = num(mean(x)), sd = num(sd(x)), se = num(sd(x) / sqrt(length(x))))
})

anova_of <- function(name, x) {
  a <- summary(aov(x ~ factor(group, levels = names_of)))[[1]]
  obj(variable = q(name), dfBetween = num(a$Df[1]), dfWithin = num(a$Df[2]), ssBetween = num(a$`Sum Sq`[1]),
      ssWithin = num(a$`Sum Sq`[2]), f = num(a$`F value`[1]), p = num(a$`Pr(>F)`[1]))
}
tukey_of <- function(name, x) {
  ok <- !is.na(x)
  h <- TukeyHSD(aov(x[ok] ~ factor(group[ok], levels = names_of)))[[1]]
  sapply(seq_len(nrow(h)), function(i) {
    pair <- strsplit(rownames(h)[i], "-")[[1]]
    obj(variable = q(name), second = q(pair[1]), first = q(pair[2]), difference = num(h[i, 1]), low = num(h[i, 2]),
        high = num(h[i, 3]), p = num(h[i, 4]))
  })
}
t_of <- function(name, x, a, b, pooled) {
  t <- t.test(of_group(x, b), of_group(x, a), var.equal = pooled)
  obj(variable = q(name), first = q(a), second = q(b), pooled = tolower(pooled), t = num(t$statistic),
      df = num(t$parameter), p = num(t$p.value), low = num(t$conf.int[1]), high = num(t$conf.int[2]))
}
cor_of <- function(first, second, x, y, method, exact = FALSE) {
  c <- suppressWarnings(cor.test(x, y, method = method, exact = exact))
  obj(first = q(first), second = q(second), method = q(method), n = num(sum(!is.na(x + y))), r = num(c$estimate),
      p = num(c$p.value))
}

variables <- list(cover = cover, som = som, tn = tn, bd = bd, fvc = fvc)
pairs <- combn(names(variables), 2, simplify = FALSE)
correlations <- unlist(lapply(c("pearson", "spearman"), function(m) {
  sapply(pairs, function(p) cor_of(p[1], p[2], variables[[p[1]]], variables[[p[2]]], m))
}))
correlations <- c(correlations, cor_of("short_x", "short_y", short_x, short_y, "spearman", TRUE))
p_pearson <- sapply(pairs, function(p) cor.test(variables[[p[1]]], variables[[p[2]]])$p.value)

share <- cover / 100
fit <- lm(share ~ fvc)
limits <- confint(fit)
s <- summary(fit)

cat(paste0('{\n  "tool": "R", "version": ', q(as.character(getRversion())), ',\n',
'  "recipe": "Rscript test/oracle/plots.R: aov, TukeyHSD, t.test, cor.test, p.adjust, lm, confint, qt, ptukey",\n',
'  "tolerance": 1e-6,\n',
'  "group": ', arr(group), ',\n',
paste0('  ', q(c(names(variables), "short_x", "short_y")), ': ',
       sapply(c(variables, list(short_x, short_y)), arr), collapse = ',\n'), ',\n',
'  "means": ', list_of(means), ',\n',
'  "anova": ', list_of(c(anova_of("cover", cover), anova_of("som", som), anova_of("bd", bd))), ',\n',
'  "tukey": ', list_of(c(tukey_of("cover", cover), tukey_of("som", som), tukey_of("bd", bd))), ',\n',
'  "t": ', list_of(c(t_of("cover", cover, "slope", "background", FALSE), t_of("cover", cover, "slope", "background", TRUE),
                     t_of("som", som, "slope", "platform", FALSE), t_of("bd", bd, "platform", "background", TRUE),
                     t_of("bd", bd, "slope", "platform", FALSE))), ',\n',
'  "correlations": ', list_of(correlations), ',\n',
'  "pearsonFdr": ', arr(p.adjust(p_pearson, "BH")), ',\n',
'  "regression": ', obj(slope = num(coef(fit)[2]), slopeLow = num(limits[2, 1]), slopeHigh = num(limits[2, 2]),
   intercept = num(coef(fit)[1]), interceptLow = num(limits[1, 1]), interceptHigh = num(limits[1, 2]),
   p = num(s$coefficients[2, 4]), r2 = num(s$r.squared), residualSd = num(s$sigma)), ',\n',
'  "t_tail": ', list_of(mapply(function(t, df) obj(t = num(t), df = num(df), p = num(2 * pt(-t, df))),
   c(0.1, 2.1, 5, 12, 1.9, 1.9), c(3, 5, 30, 20, 7.3, 1e5))), ',\n',
'  "t_quantile": ', list_of(mapply(function(p, df) obj(p = num(p), df = num(df), t = num(qt(p, df))),
   c(0.9, 0.8, 0.975, 0.975, 0.9, 0.8), c(14, 29, 5.4, 1000, 1e5, 1))), ',\n',
'  "f_tail": ', list_of(mapply(function(f, a, b) obj(f = num(f), df1 = num(a), df2 = num(b),
   p = num(pf(f, a, b, lower.tail = FALSE))), c(3.2, 0.4, 50, 1.1), c(2, 3, 4, 10), c(9, 20, 200, 5000))), ',\n',
'  "range": ', list_of(mapply(function(x, k, df) obj(q = num(x), groups = num(k), df = num(df),
   p = num(ptukey(x, k, df, lower.tail = FALSE)), q95 = num(qtukey(0.95, k, df))),
   c(3.5, 1, 6, 4, 12, 2), c(3, 2, 5, 10, 4, 30), c(12, 5, 40, 1e5, 20, 2))), '\n}\n'))
