module github.com/vacancyhq/vacancy

go 1.26
